import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AlertConfig } from "../src/alert-config.ts";
import { alertPage } from "../src/alert-page.ts";
import { alertPairs } from "../src/alert-payloads.ts";
import { ALERT_RULES } from "../src/alert-rules.ts";
import { tagsOf } from "../src/tags.ts";

const CONFIG: AlertConfig = {
  organization: "acme",
  project: "payments",
  environment: "production",
  runbooks: "https://docs.example/alerts.md",
  teams: { finance: "11", security: "12", compliance: "13" },
  slack: { integration: "21" },
  pagerduty: { integration: "31", services: { Finance: "41", Security: "42", Compliance: "43" } },
  spans: true,
};

const error = (category: string, severity: string, domain?: string): Record<string, unknown> => ({
  "finance.error.category": category,
  "finance.error.severity": severity,
  ...(domain === undefined ? {} : { "finance.failure.domain": domain }),
});

test.each([
  ["critical", error("transaction_processing", "critical"), ["critical-financial-error"]],
  ["security_critical", error("system_error", "security_critical"), ["critical-financial-error"]],
  ["below critical", error("system_error", "high"), []],
  ["a failed payment", error("payment_processing", "high"), ["payment-failures"]],
  [
    "a critical failed payment of a provider",
    error("payment_processing", "critical", "provider"),
    ["critical-financial-error", "payment-failures"],
  ],
  ["a customer who cancels", error("payment_processing", "medium", "customer"), []],
  ["authentication", error("authentication", "high"), ["authentication-security"]],
  ["a violation", error("security_violation", "critical"), ["authentication-security"]],
  ["a wrong password", error("authentication", "low", "customer"), []],
  ["compliance", error("compliance_issue", "critical"), ["compliance-issue"]],
  ["an error without a category", { "error.type": "Error" }, []],
])("an error that is %s counts for its rules alone", (_what, attributes, rules) => {
  const tags = tagsOf(attributes);
  const counting = ALERT_RULES.filter(
    ({ measure }) =>
      measure.of === "errors" &&
      matches(
        queryOf((rule) => rule.measure === measure),
        tags,
      ),
  );
  expect(counting.map(({ name }) => name)).toEqual(rules);
});

test.each([
  ["critical-financial-error", 1, 60],
  ["payment-failures", 3, 300],
  ["authentication-security", 1, 60],
  ["compliance-issue", 1, 60],
])("%s fires at %i errors in %i seconds, and not at one less", (name, errors, seconds) => {
  const { monitor } = alertPairs(CONFIG).pairs.find(({ key }) => key === name)!;
  expect(monitor.dataSources[0]?.timeWindow).toBe(seconds);
  expect(priority(monitor.conditionGroup.conditions, errors)).toBe(75);
  expect(priority(monitor.conditionGroup.conditions, errors - 1)).toBe(0);
});

test("the error rate fires above 5 % of 5 minutes, and escalates to the pager above 5 % of 15", () => {
  const stages = alertPairs(CONFIG).pairs.filter(({ rule }) => rule.name === "error-rate");
  expect(
    stages.map(({ monitor, alert }) => ({
      seconds: monitor.dataSources[0]?.timeWindow,
      at5: priority(monitor.conditionGroup.conditions, 0.05),
      above5: priority(monitor.conditionGroup.conditions, 0.051),
      tells: alert.actionFilters[0]?.actions.map(({ type }) => type),
    })),
  ).toEqual([
    { seconds: 300, at5: 0, above5: 50, tells: ["email", "slack"] },
    { seconds: 900, at5: 0, above5: 50, tells: ["email", "slack", "pagerduty"] },
  ]);
});

test("every tag that a rule asks for is one that events carry", () => {
  const asked = ALERT_RULES.flatMap(({ measure }) =>
    measure.of === "errors" ? measure.where.map(({ tag }) => tag) : [],
  );
  expect(asked.filter((tag) => Object.keys(tagsOf({ [tag]: "x" })).length === 0)).toEqual([]);
});

test("every rule has an owner, a priority, a runbook and somebody to tell at each stage", () => {
  const lacking = ALERT_RULES.filter(
    (rule) =>
      rule.firstSteps.length === 0 ||
      rule.stages.some(({ channels, mail }) => channels.length === 0 || mail.length === 0),
  );
  expect(lacking).toEqual([]);
  expect(new Set(ALERT_RULES.map(({ name }) => name)).size).toBe(ALERT_RULES.length);
});

test("without Slack and PagerDuty the teams are still told", () => {
  const { pairs } = alertPairs({ ...CONFIG, slack: null, pagerduty: null });
  const kinds = pairs.flatMap(({ alert }) =>
    alert.actionFilters[0]!.actions.map(({ type }) => type),
  );
  expect([...new Set(kinds)]).toEqual(["email"]);
});

test("docs/alerts.md is what the rules say; `npm run alerts` writes it", () => {
  const page = readFileSync(join(__dirname, "../docs/alerts.md"), "utf8");
  expect(page).toBe(alertPage());
});

function queryOf(isWanted: (rule: (typeof ALERT_RULES)[number]) => boolean): string {
  const pair = alertPairs(CONFIG).pairs.find(({ rule }) => isWanted(rule));
  return pair!.monitor.dataSources[0]!.query;
}

// Sentry's search, as far as the rules use it: terms joined by AND, [a,b] any of them, ! none of them.
function matches(query: string, tags: Record<string, string>): boolean {
  return query.split(" ").every((term) => {
    if (term === "is:unresolved") return true;
    const [, not, key, value] = /^(!?)([\w.]+):(.+)$/.exec(term)!;
    const values = value!.startsWith("[") ? value!.slice(1, -1).split(",") : [value!];
    return values.includes(tags[key!] ?? "") !== (not === "!");
  });
}

// The highest result of the conditions that hold, as Sentry takes it.
function priority(
  conditions: readonly { type: "gt" | "lte"; comparison: number; conditionResult: number }[],
  value: number,
): number {
  return Math.max(
    ...conditions
      .filter(({ type, comparison }) => (type === "gt" ? value > comparison : value <= comparison))
      .map(({ conditionResult }) => conditionResult),
  );
}
