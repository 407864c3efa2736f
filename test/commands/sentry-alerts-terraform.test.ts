import { expect, test } from "vitest";
import { alerts, CONFIG } from "./sentry-alerts-command.ts";

type Json = Record<string, unknown>;

// The attributes of the provider jianyuan/sentry as its reference has them: docs/resources/metric_monitor.md at 1603f2d
// and docs/resources/alert.md at 022b86a. Its Go module cannot be had from the proxy, so the provider's own validation
// does not run here.
type Kind =
  | "text"
  | "number"
  | "boolean"
  | "texts"
  | "block"
  | readonly string[]
  | Schema
  | [Schema];
interface Schema {
  required: Record<string, Kind>;
  optional?: Record<string, Kind>;
}

const block = (required: Record<string, Kind>, optional: Record<string, Kind> = {}): Schema => ({
  required,
  optional,
});
const LOGIC = ["any", "any-short", "all", "none"];

const MONITOR = block(
  {
    organization: "text",
    project: "text",
    name: "text",
    aggregate: "text",
    dataset: ["events", "events_analytics_platform"],
    event_types: "texts",
    condition_group: block(
      {
        conditions: [
          block({ type: ["gt", "lte"], condition_result: "number" }, { comparison: "number" }),
        ],
      },
      { logic_type: LOGIC },
    ),
    issue_detection: block({ type: ["static"] }),
  },
  {
    description: "text",
    enabled: "boolean",
    environment: "text",
    owner: block({}, { team_id: "text", user_id: "text" }),
    query: "text",
    query_type: ["error", "performance", "crash_rate"],
    time_window_seconds: "number",
  },
);

const ALERT = block(
  {
    organization: "text",
    name: "text",
    environment: "text",
    frequency_minutes: "number",
    monitor_ids: "texts",
    trigger_conditions: [
      block(
        {},
        { first_seen_event: "block", regression_event: "block", reappeared_event: "block" },
      ),
    ],
    action_filters: [
      block({
        logic_type: LOGIC,
        actions: [
          block(
            {},
            {
              email: block(
                { target_type: ["team", "user", "issue_owners"] },
                { target_id: "text" },
              ),
              slack: block(
                { integration_id: "text", channel_name: "text" },
                { channel_id: "text", notes: "text", tags: "text" },
              ),
              pagerduty: block({
                integration_id: "text",
                service_id: "text",
                service_name: "text",
                severity: ["default", "critical", "warning", "error", "info"],
              }),
            },
          ),
        ],
      }),
    ],
  },
  { enabled: "boolean" },
);

test("every resource has the attributes that the provider's reference has", async () => {
  const { resource, terraform } = await terraformOf(CONFIG);
  const found = Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).flatMap(([name, one]) =>
      faults(one, type === "sentry_alert" ? ALERT : MONITOR, `${type}.${name}`),
    ),
  );
  expect(found).toEqual([]);
  expect(terraform).toEqual({ required_providers: { sentry: { source: "jianyuan/sentry" } } });
});

test("the check finds what is too much, what is missing and what is of another kind", () => {
  const broken = { organization: 5, project: "payments", frequency: 5, enabled: true };
  expect(
    faults(broken, block({ organization: "text", name: "text" }, { enabled: "boolean" }), "it"),
  ).toEqual([
    "it.name is missing",
    "it.organization is no text",
    "it.project is no attribute",
    "it.frequency is no attribute",
  ]);
});

test("each alert watches its own monitor, by a reference", async () => {
  const { resource } = await terraformOf(CONFIG);
  const names = Object.keys(resource.sentry_metric_monitor);
  expect(
    Object.entries(resource.sentry_alert).map(([name, alert]) => [name, alert["monitor_ids"]]),
  ).toEqual(names.map((name) => [name, [`\${sentry_metric_monitor.${name}.id}`]]));
});

test("what looks like a template in the configuration stays text", async () => {
  const runbooks = "https://docs.example/${path}%{x}/alerts.md";
  const { resource } = await terraformOf({ ...CONFIG, runbooks });
  expect(JSON.stringify(resource)).toContain("https://docs.example/$${path}%%{x}/alerts.md#");
});

interface Terraform {
  terraform: Json;
  resource: { sentry_metric_monitor: Record<string, Json>; sentry_alert: Record<string, Json> };
}

async function terraformOf(config: unknown): Promise<Terraform> {
  await using it = await alerts();
  it.config(config);
  const { stdout } = await it.run("terraform");
  return JSON.parse(stdout) as Terraform;
}

function faults(value: unknown, { required, optional = {} }: Schema, at: string): string[] {
  if (typeof value !== "object" || value === null) return [`${at} is no block`];
  const known: Record<string, Kind> = { ...required, ...optional };
  const missing = Object.keys(required).filter((key) => !Object.hasOwn(value, key));
  return [
    ...missing.map((key) => `${at}.${key} is missing`),
    ...Object.entries(value).flatMap(([key, inner]) =>
      Object.hasOwn(known, key)
        ? kindFaults(inner, known[key]!, `${at}.${key}`)
        : [`${at}.${key} is no attribute`],
    ),
  ];
}

function kindFaults(value: unknown, kind: Kind, at: string): string[] {
  if (typeof kind === "string") {
    const isRight = {
      text: typeof value === "string",
      number: typeof value === "number",
      boolean: typeof value === "boolean",
      texts: Array.isArray(value) && value.every((one) => typeof one === "string"),
      block: JSON.stringify(value) === "{}",
    }[kind];
    return isRight ? [] : [`${at} is no ${kind}`];
  }
  if (!Array.isArray(kind)) return faults(value, kind as Schema, at);
  const list: readonly unknown[] = kind;
  const [first] = list;
  if (typeof first === "string") {
    return list.includes(value) ? [] : [`${at} is none of ${JSON.stringify(list)}`];
  }
  if (!Array.isArray(value)) return [`${at} is no list`];
  return value.flatMap((one, index) => faults(one, first as Schema, `${at}[${index}]`));
}
