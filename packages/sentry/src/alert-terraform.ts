import type { AlertConfig } from "./alert-config.ts";
import {
  type ActionPayload,
  type AlertPair,
  alertPairs,
  type MonitorPayload,
  TRIGGERS,
} from "./alert-payloads.ts";

/** A value of Terraform's JSON syntax. */
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/**
 * Gives the rules as Terraform's JSON (`alerts.tf.json`) for the provider `jianyuan/sentry`, resources
 * `sentry_metric_monitor` and `sentry_alert`. The provider takes its token from `SENTRY_AUTH_TOKEN`.
 */
export function alertTerraform(config: AlertConfig): { [key: string]: Json } {
  const { pairs } = alertPairs(config);
  const byKey = (resourceOf: (pair: AlertPair) => Json): Json =>
    Object.fromEntries(pairs.map((pair) => [resourceName(pair), resourceOf(pair)]));
  return {
    terraform: { required_providers: { sentry: { source: "jianyuan/sentry" } } },
    resource: {
      sentry_metric_monitor: byKey((pair) => monitorResource(pair.monitor, config)),
      sentry_alert: byKey((pair) => alertResource(pair, config)),
    },
  };
}

function resourceName({ key }: AlertPair): string {
  return `assay_${key.replaceAll("-", "_")}`;
}

function monitorResource(monitor: MonitorPayload, config: AlertConfig): Json {
  const [source] = monitor.dataSources;
  return {
    organization: literal(config.organization),
    project: literal(config.project),
    name: literal(monitor.name),
    description: literal(monitor.description),
    enabled: monitor.enabled,
    owner: { team_id: literal(monitor.owner.slice("team:".length)) },
    aggregate: source!.aggregate,
    dataset: source!.dataset,
    event_types: source!.eventTypes,
    environment: literal(source!.environment),
    query: source!.query,
    query_type: source!.queryType === 0 ? "error" : "performance",
    time_window_seconds: source!.timeWindow,
    issue_detection: { type: monitor.config.detectionType },
    condition_group: {
      logic_type: monitor.conditionGroup.logicType,
      conditions: monitor.conditionGroup.conditions.map((condition) => ({
        type: condition.type,
        comparison: condition.comparison,
        condition_result: condition.conditionResult,
      })),
    },
  };
}

function alertResource(pair: AlertPair, config: AlertConfig): Json {
  const { alert } = pair;
  return {
    organization: literal(config.organization),
    name: literal(alert.name),
    enabled: alert.enabled,
    // The provider requires one.
    environment: literal(config.environment),
    monitor_ids: [`\${sentry_metric_monitor.${resourceName(pair)}.id}`],
    frequency_minutes: alert.config.frequency,
    trigger_conditions: TRIGGERS.map((type) => ({ [type]: {} })),
    action_filters: alert.actionFilters.map(({ logicType, actions }) => ({
      logic_type: logicType,
      actions: actions.map(actionOf),
    })),
  };
}

function actionOf({ type, integrationId, config, data }: ActionPayload): Json {
  const integration = { integration_id: literal(integrationId ?? "") };
  const id = config.targetIdentifier;
  if (type === "email") return { email: { target_type: "team", target_id: literal(id) } };
  if (type === "pagerduty") {
    return {
      pagerduty: {
        ...integration,
        service_id: literal(id),
        service_name: config.targetDisplay,
        severity: data["priority"]!,
      },
    };
  }
  return {
    slack: {
      ...integration,
      channel_name: config.targetDisplay,
      ...(id === "" ? {} : { channel_id: literal(id) }),
      notes: literal(data["notes"]!),
    },
  };
}

// In Terraform's strings ${ and %{ begin a template.
function literal(text: string): string {
  return text.replaceAll(/[$%](?=\{)/g, (sign) => sign + sign);
}
