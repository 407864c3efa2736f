import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type AlertsApi, alertsApi } from "../support/alerts-api.ts";
import type { Ended } from "./command.ts";

export const TOKEN = "sntrys_a-token-of-the-test";
const SENTRY = dirname(createRequire(import.meta.url).resolve("@assay/sentry/package.json"));

/** A configuration with every target. */
export const CONFIG = {
  organization: "acme",
  project: "payments",
  environment: "production",
  runbooks: "https://docs.example/alerts.md",
  teams: { finance: "11", security: "12", compliance: "13" },
  slack: { integration: "21" },
  pagerduty: {
    integration: "31",
    services: { Finance: "41", Security: "42", Compliance: "43" },
  },
  spans: true,
};

/** The command with a folder of its own, and the API that it talks to. */
export interface Alerts extends AsyncDisposable {
  api: AlertsApi;
  folder: string;
  config(content: unknown): void;
  run(command: string, ...args: string[]): Promise<Ended>;
}

/** Starts an API and gives the command, as built, with a token and `CONFIG`. */
export async function alerts(): Promise<Alerts> {
  const folder = mkdtempSync(join(tmpdir(), "assay-alerts-"));
  const api = await alertsApi({ organization: "acme", project: "payments", token: TOKEN });
  const path = join(folder, "alerts.json");
  const config = (content: unknown): void => writeFileSync(path, JSON.stringify(content));
  config(CONFIG);
  writeFileSync(join(folder, "token"), `${TOKEN}\n`);
  return {
    api,
    folder,
    config,
    run: (command, ...args) =>
      runAlerts([command, "--config", path, "--url", api.url, ...args], {
        ASSAY_SENTRY_TOKEN_FILE: join(folder, "token"),
      }),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Runs the command to its end. */
export function runAlerts(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> {
  const { ASSAY_SENTRY_TOKEN_FILE: _, NODE_OPTIONS: __, ...rest } = process.env;
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(SENTRY, "dist/alerts-cli.js"), ...args],
      { env: { ...rest, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}
