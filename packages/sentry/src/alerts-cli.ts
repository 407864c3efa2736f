#!/usr/bin/env node
import { parseArgs } from "node:util";
import { type AlertConfig, readAlertConfig, readToken } from "./alert-config.ts";
import { alertPairs } from "./alert-payloads.ts";
import { applyAlerts, type Change, listAlerts, planAlerts } from "./alert-plan.ts";
import { ALERT_RULES, type AlertRule } from "./alert-rules.ts";
import { alertTerraform } from "./alert-terraform.ts";
import { type SentryApi, sentryApi } from "./sentry-api.ts";

const TOKEN_FILE = "ASSAY_SENTRY_TOKEN_FILE";
const COMMANDS = ["plan", "apply", "list", "payloads", "terraform", "validate", "rules"] as const;
const USAGE = `assay-sentry-alerts ${COMMANDS.join("|")} --config FILE [--org SLUG] [--project SLUG] [--environment NAME] [--token-file FILE] [--url https://sentry.io]`;

main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : "unknown error");
  process.exitCode = 1;
});

async function main(): Promise<void> {
  const { command, values } = given();
  if (command === "rules") return print(ALERT_RULES.map(ruleLine));
  const config = readAlertConfig(need("--config", values.config), {
    ...(values.org === undefined ? {} : { organization: values.org }),
    ...(values.project === undefined ? {} : { project: values.project }),
    ...(values.environment === undefined ? {} : { environment: values.environment }),
  });
  if (command === "validate") return validated(config);
  if (command === "terraform") return print([JSON.stringify(alertTerraform(config), null, 2)]);
  if (command === "payloads") {
    const pairs = alertPairs(config).pairs.map(({ monitor, alert }) => ({ monitor, alert }));
    return print([JSON.stringify(pairs, null, 2)]);
  }
  const api = sentryApi({
    url: values.url,
    token: tokenOf(values["token-file"]),
    onWait: say,
  });
  if (command === "list") {
    return print((await listAlerts(api, config)).map(({ of, id, name }) => `${of} ${id} ${name}`));
  }
  await reconcile(api, config, command === "apply");
}

async function reconcile(api: SentryApi, config: AlertConfig, isApplied: boolean): Promise<void> {
  const plan = await planAlerts(api, config);
  tellLeft(plan.left);
  const changes = plan.changes.filter(({ action }) => action !== "keep");
  if (isApplied) await applyAlerts(api, config, plan, (change) => print([changeLine(change)]));
  else print(changes.map(changeLine));
  const kept = plan.changes.length - changes.length;
  print([`${changes.length} ${isApplied ? "changed" : "to change"}, ${kept} right`]);
}

function validated(config: AlertConfig): void {
  const { pairs, left } = alertPairs(config);
  tellLeft(left);
  print([`${pairs.length} monitors and ${pairs.length} alerts are valid; nothing was sent`]);
}

function tellLeft(left: readonly AlertRule[]): void {
  for (const { name } of left) {
    say(
      `The rule ${name} is left out, because the project gets no spans; send them and write "spans": true, or alert on the metrics in Prometheus`,
    );
  }
}

function ruleLine(rule: AlertRule): string {
  return `${rule.name} ${rule.priority} ${rule.team}: ${rule.says}`;
}

function changeLine({ action, of, name, differs }: Change): string {
  return `${action} ${of} ${name}${differs.length === 0 ? "" : ` (${differs.join(", ")})`}`;
}

function tokenOf(option: string | undefined): string {
  const path = option ?? process.env[TOKEN_FILE];
  if (path === undefined || path === "") {
    throw new Error(
      `The token is missing; name a file that holds it in --token-file or ${TOKEN_FILE}`,
    );
  }
  return readToken(path, option === undefined ? TOKEN_FILE : "--token-file");
}

function need(option: string, value: string | undefined): string {
  if (value !== undefined && value !== "") return value;
  throw new Error(`${option} is missing; write ${USAGE}`);
}

function given(): { command: (typeof COMMANDS)[number]; values: Values } {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse();
  } catch (error) {
    throw new Error(`The arguments are not understood; write ${USAGE}`, { cause: error });
  }
  const [found, ...more] = parsed.positionals;
  const command = COMMANDS.find((name) => name === found);
  if (command !== undefined && more.length === 0) return { command, values: parsed.values };
  const said = found === undefined ? "missing" : JSON.stringify(parsed.positionals.join(" "));
  throw new Error(`The command is ${said}; use one of ${COMMANDS.join(", ")}`);
}

interface Values {
  config?: string;
  org?: string;
  project?: string;
  environment?: string;
  "token-file"?: string;
  url?: string;
}

function parse(): { values: Values; positionals: string[] } {
  const text = { type: "string" } as const;
  return parseArgs({
    allowPositionals: true,
    options: {
      config: text,
      org: text,
      project: text,
      environment: text,
      "token-file": text,
      url: text,
    },
  });
}

function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
}

function say(sentence: string): void {
  process.stderr.write(`assay-sentry-alerts: ${sentence}.\n`);
}
