import type { AlertConfig } from "./alert-config.ts";
import { ALERT_RULES, type AlertRule, type Stage, type TagMatch } from "./alert-rules.ts";

/** A monitor as Sentry's API takes it: what makes an issue of a measure. */
export interface MonitorPayload {
  name: string;
  type: "metric_issue";
  description: string;
  enabled: true;
  /** `team:` and its id. */
  owner: string;
  config: { detectionType: "static" };
  dataSources: DataSource[];
  conditionGroup: {
    logicType: "any";
    conditions: { type: "gt" | "lte"; comparison: number; conditionResult: number }[];
  };
}

interface DataSource {
  aggregate: string;
  dataset: string;
  environment: string;
  eventTypes: string[];
  query: string;
  /** 0 errors, 1 spans. */
  queryType: 0 | 1;
  /** Seconds. */
  timeWindow: number;
}

/** Whom an alert tells. */
export interface ActionPayload {
  type: "email" | "slack" | "pagerduty";
  integrationId: string | null;
  config: {
    targetType: "team" | "specific";
    targetIdentifier: string;
    targetDisplay: string | null;
  };
  data: Record<string, string>;
  status: "active";
}

/** An alert as Sentry's API takes it: whom a monitor's issues are told to. */
export interface AlertPayload {
  name: string;
  enabled: true;
  /** The monitor has it; the issue of a metric may have none. */
  environment: null;
  /** Minutes between two of one issue. */
  config: { frequency: number };
  triggers: {
    logicType: "any-short";
    conditions: { type: string; comparison: true; conditionResult: true }[];
  };
  actionFilters: { logicType: "all"; conditions: never[]; actions: ActionPayload[] }[];
}

/** A monitor and its alert, which are one rule or one stage of it. */
export interface AlertPair {
  /** For Terraform and for people: the rule's name, and the stage's minutes. */
  key: string;
  rule: AlertRule;
  stage: Stage;
  monitor: MonitorPayload;
  /** Without the monitor's id, which Sentry gives. */
  alert: AlertPayload;
}

/** What happens to the issue of a monitor when its measure goes above the limit: the first time, again, or ever more. */
export const TRIGGERS = ["first_seen_event", "regression_event", "reappeared_event"] as const;

const FREQUENCY_MINUTES = 5;

/** What the issue's priority is in Sentry: 75 high, 50 medium. */
const ISSUE_PRIORITIES = { P0: 75, P1: 75, P2: 50, P3: 50 } as const;

/** How PagerDuty names the severity. */
export const PAGER_SEVERITIES = {
  P0: "critical",
  P1: "critical",
  P2: "error",
  P3: "warning",
} as const;

/** Gives the beginning of the names of what Assay owns in a project and environment. */
export function ownedPrefix({ project, environment }: AlertConfig): string {
  return `assay/${project}/${environment}: `;
}

/** Gives the monitors and alerts of the rules, and the rules that the project cannot have. */
export function alertPairs(
  config: AlertConfig,
  rules: readonly AlertRule[] = ALERT_RULES,
): { pairs: AlertPair[]; left: AlertRule[] } {
  const isPossible = (rule: AlertRule): boolean => config.spans || rule.measure.of === "errors";
  return {
    pairs: rules
      .filter(isPossible)
      .flatMap((rule) => rule.stages.map((stage) => pairOf(rule, stage, config))),
    left: rules.filter((rule) => !isPossible(rule)),
  };
}

/** Gives the address of a rule's runbook. */
export function runbookOf(rule: AlertRule, config: AlertConfig): string {
  return `${config.runbooks}#${rule.name}`;
}

function pairOf(rule: AlertRule, stage: Stage, config: AlertConfig): AlertPair {
  const key = stage.afterMinutes === 0 ? rule.name : `${rule.name}-${stage.afterMinutes}-minutes`;
  const name = ownedPrefix(config) + key;
  return {
    key,
    rule,
    stage,
    monitor: monitorOf(name, rule, stage, config),
    alert: {
      name,
      enabled: true,
      environment: null,
      config: { frequency: FREQUENCY_MINUTES },
      triggers: {
        logicType: "any-short",
        conditions: TRIGGERS.map((type) => ({ type, comparison: true, conditionResult: true })),
      },
      actionFilters: [
        { logicType: "all", conditions: [], actions: actionsOf(rule, stage, config) },
      ],
    },
  };
}

function monitorOf(
  name: string,
  rule: AlertRule,
  stage: Stage,
  config: AlertConfig,
): MonitorPayload {
  return {
    name,
    type: "metric_issue",
    description: `${rule.says} Measured over ${stage.windowSeconds / 60} min. ${rule.priority}, ${rule.team}. Runbook: ${runbookOf(rule, config)}`,
    enabled: true,
    owner: `team:${config.teams[rule.team]}`,
    config: { detectionType: "static" },
    dataSources: [dataSourceOf(rule, stage, config)],
    conditionGroup: {
      logicType: "any",
      conditions: [
        { type: "gt", comparison: rule.above, conditionResult: ISSUE_PRIORITIES[rule.priority] },
        { type: "lte", comparison: rule.above, conditionResult: 0 },
      ],
    },
  };
}

function dataSourceOf(rule: AlertRule, stage: Stage, config: AlertConfig): DataSource {
  const common = { environment: config.environment, timeWindow: stage.windowSeconds };
  return rule.measure.of === "errors"
    ? {
        ...common,
        aggregate: "count()",
        dataset: "events",
        eventTypes: ["default", "error"],
        query: queryOf(rule.measure.where),
        queryType: 0,
      }
    : {
        ...common,
        aggregate: "failure_rate()",
        dataset: "events_analytics_platform",
        eventTypes: ["trace_item_span"],
        query: "",
        queryType: 1,
      };
}

// Sentry's search: terms are joined by AND, [a,b] is any of them, ! is none of them.
function queryOf(where: readonly TagMatch[]): string {
  return [
    "is:unresolved",
    ...where.map(({ tag, values, not }) => `${not ? "!" : ""}${tag}:${anyOf(values)}`),
  ].join(" ");
}

function anyOf(values: readonly string[]): string {
  return values.length === 1 ? values[0]! : `[${values.join(",")}]`;
}

function actionsOf(rule: AlertRule, stage: Stage, config: AlertConfig): ActionPayload[] {
  const { slack, pagerduty, teams } = config;
  const mails = stage.mail.map((team) =>
    action("email", null, { targetType: "team", targetIdentifier: teams[team] }, {}),
  );
  const messages = stage.channels.map((channel) =>
    action(
      "slack",
      slack?.integration,
      { targetIdentifier: slack?.channelIds?.[channel] ?? "", targetDisplay: channel },
      { notes: `${rule.priority}, ${rule.team}: ${runbookOf(rule, config)}` },
    ),
  );
  const pages = stage.pages.map((service) =>
    action(
      "pagerduty",
      pagerduty?.integration,
      { targetIdentifier: pagerduty?.services[service] ?? "", targetDisplay: service },
      { priority: PAGER_SEVERITIES[rule.priority] },
    ),
  );
  return [...mails, ...(slack ? messages : []), ...(pagerduty ? pages : [])];
}

function action(
  type: ActionPayload["type"],
  integrationId: string | null | undefined,
  target: Partial<ActionPayload["config"]>,
  data: Record<string, string>,
): ActionPayload {
  return {
    type,
    integrationId: integrationId ?? null,
    config: { targetType: "specific", targetIdentifier: "", targetDisplay: null, ...target },
    data,
    status: "active",
  };
}
