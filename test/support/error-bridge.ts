import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { freePort, spawnService } from "./process.ts";
import { type Restartable, restartable } from "./restartable.ts";
import { answersOk } from "./wait.ts";

export interface ErrorBridge extends Restartable {
  /** Base URL for the Collector: it sends to /v1/traces and /v1/logs. */
  url: string;
}

/** Starts `assay-error-bridge` of @assay/sentry, as built into its dist folder. */
export async function startErrorBridge({ dsn }: { dsn: string }): Promise<ErrorBridge> {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve("@assay/sentry/package.json"));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = await restartable(() =>
    spawnService({
      name: "The error bridge",
      command: process.execPath,
      args: [join(folder, "dist/error-bridge-cli.js")],
      env: {
        SENTRY_DSN: dsn,
        ASSAY_SENTRY_DSN_FILE: undefined,
        ASSAY_BRIDGE_HOST: "127.0.0.1",
        ASSAY_BRIDGE_PORT: String(port),
        NODE_OPTIONS: undefined,
      },
      ready: () => answersOk(`${url}/healthz`),
    }),
  );
  return Object.assign(service, { url });
}
