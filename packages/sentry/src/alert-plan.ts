import { alertDifferences, monitorDifferences } from "./alert-compare.ts";
import type { AlertConfig } from "./alert-config.ts";
import {
  type AlertPair,
  alertPairs,
  type AlertPayload,
  type MonitorPayload,
  ownedPrefix,
} from "./alert-payloads.ts";
import type { AlertRule } from "./alert-rules.ts";
import type { SentryApi } from "./sentry-api.ts";

/** One thing to do, or that is right as it is. */
export interface Change {
  action: "create" | "update" | "delete" | "keep";
  of: "monitor" | "alert";
  name: string;
  /** In Sentry; undefined for what is to be created. */
  id: string | undefined;
  /** What an update changes. */
  differs: string[];
}

/** What Sentry has under the prefix of Assay, against what the rules want. */
export interface AlertPlan {
  changes: Change[];
  /** Rules that the project cannot have. */
  left: AlertRule[];
}

interface Owned {
  id: string;
  name: string;
  is: unknown;
}

/**
 * Compares what Sentry has with the rules; changes nothing.
 *
 * What has a name with the prefix of the project and environment is Assay's, all else is never touched.
 */
export async function planAlerts(api: SentryApi, config: AlertConfig): Promise<AlertPlan> {
  const monitors = ownedOf(await api.list(monitorsPath(config)), config, "metric_issue");
  const alerts = ownedOf(await api.list(alertsPath(config)), config);
  const { pairs, left } = alertPairs(config);
  const ids = idsOf(monitors);
  return {
    left,
    changes: [
      ...pairs.map(({ monitor }) => changeOf("monitor", monitor, monitors, monitorDifferences)),
      ...pairs.map(({ alert }) =>
        changeOf("alert", connected(alert, ids.get(alert.name)), alerts, alertDifferences),
      ),
      ...unwanted("alert", alerts, pairs),
      ...unwanted("monitor", monitors, pairs),
    ],
  };
}

/** Makes Sentry what the plan wants, and tells of each change when it is done. */
export async function applyAlerts(
  api: SentryApi,
  config: AlertConfig,
  plan: AlertPlan,
  onDone: (change: Change) => void = () => {},
): Promise<void> {
  const pairs = new Map(alertPairs(config).pairs.map((pair) => [pair.monitor.name, pair]));
  const monitorIds = new Map<string, string>();
  // Monitors stand before their alerts, which need their ids.
  for (const change of plan.changes) {
    const { action, of, name, id } = change;
    const pair = pairs.get(name);
    if (of === "monitor" && id !== undefined && action !== "delete") monitorIds.set(name, id);
    if (action === "keep") continue;
    if (action === "delete") await api.send("DELETE", `${pathOf(of, config)}${id}/`);
    else if (of === "monitor") {
      monitorIds.set(name, idIn(await sendMonitor(api, config, pair!.monitor, id), name));
    } else {
      const alert = connected(pair!.alert, monitorIds.get(name));
      if (id === undefined) await api.send("POST", alertsBase(config), alert);
      else await api.send("PUT", `${alertsBase(config)}${id}/`, { id, ...alert });
    }
    onDone(change);
  }
}

/** Gives what Assay owns in the project and environment, for people. */
export async function listAlerts(
  api: SentryApi,
  config: AlertConfig,
): Promise<{ of: "monitor" | "alert"; id: string; name: string }[]> {
  const monitors = ownedOf(await api.list(monitorsPath(config)), config, "metric_issue");
  const alerts = ownedOf(await api.list(alertsPath(config)), config);
  return [
    ...monitors.map(({ id, name }) => ({ of: "monitor" as const, id, name })),
    ...alerts.map(({ id, name }) => ({ of: "alert" as const, id, name })),
  ];
}

function sendMonitor(
  api: SentryApi,
  config: AlertConfig,
  monitor: MonitorPayload,
  id: string | undefined,
): Promise<unknown> {
  const { organization, project } = config;
  return id === undefined
    ? api.send("POST", `organizations/${organization}/projects/${project}/detectors/`, monitor)
    : api.send("PUT", `${monitorsBase(config)}${id}/`, monitor);
}

function connected(alert: AlertPayload, id: string | undefined): object {
  return { ...alert, detectorIds: id === undefined ? [] : [id] };
}

function changeOf(
  of: Change["of"],
  wanted: { name?: string },
  owned: readonly Owned[],
  differences: (wanted: unknown, found: unknown) => string[],
): Change {
  const name = wanted.name!;
  const found = owned.find((one) => one.name === name);
  if (found === undefined) return { action: "create", of, name, id: undefined, differs: [] };
  const differs = differences(wanted, found.is);
  return { action: differs.length === 0 ? "keep" : "update", of, name, id: found.id, differs };
}

// What no rule wants any more, and a second one of the same name.
function unwanted(
  of: Change["of"],
  owned: readonly Owned[],
  pairs: readonly AlertPair[],
): Change[] {
  const wanted = new Set(pairs.map(({ monitor }) => monitor.name));
  return owned
    .filter(
      ({ name, id }) => !wanted.has(name) || owned.find((one) => one.name === name)?.id !== id,
    )
    .map(({ name, id }) => ({ action: "delete", of, name, id, differs: [] }));
}

function ownedOf(items: readonly unknown[], config: AlertConfig, type?: string): Owned[] {
  const prefix = ownedPrefix(config);
  return items.flatMap((item) => {
    const { id, name, type: found } = (item ?? {}) as Record<string, unknown>;
    const isOwned =
      typeof name === "string" &&
      name.startsWith(prefix) &&
      (type === undefined || type === found) &&
      (typeof id === "string" || typeof id === "number");
    return isOwned ? [{ id: String(id), name, is: item }] : [];
  });
}

function idsOf(owned: readonly Owned[]): Map<string, string> {
  // The first of a name is the one that stays.
  return new Map(owned.toReversed().map(({ name, id }) => [name, id]));
}

function idIn(answer: unknown, name: string): string {
  const id = (answer as Record<string, unknown> | null | undefined)?.["id"];
  if (typeof id === "string" || typeof id === "number") return String(id);
  throw new Error(`Sentry gave no id for the monitor "${name}"; check --url`);
}

function monitorsBase({ organization }: AlertConfig): string {
  return `organizations/${organization}/detectors/`;
}

function alertsBase({ organization }: AlertConfig): string {
  return `organizations/${organization}/workflows/`;
}

function pathOf(of: Change["of"], config: AlertConfig): string {
  return of === "monitor" ? monitorsBase(config) : alertsBase(config);
}

// All projects: an alert that lost its monitor is of none.
function monitorsPath(config: AlertConfig): string {
  return `${monitorsBase(config)}?project=-1`;
}

function alertsPath(config: AlertConfig): string {
  return `${alertsBase(config)}?project=-1`;
}
