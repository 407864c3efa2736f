import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { EXCEPTION, send, traces } from "../../packages/sentry/test/otlp-body.ts";
import { sentryServer } from "../../packages/sentry/test/sentry-server.ts";
import { spawnService } from "../support/process.ts";

const { resolve } = createRequire(import.meta.url);

test("the bridge says on stderr that Sentry refuses its events, and why that may be", async () => {
  await using server = await sentryServer();
  server.answer(403);
  const ready = /listening on (http:\S+)/;
  await using bridge = await spawnService({
    name: "The error bridge",
    command: process.execPath,
    args: [join(dirname(resolve("@assay/sentry/package.json")), "dist/error-bridge-cli.js")],
    env: { SENTRY_DSN: server.dsn, ASSAY_SENTRY_DSN_FILE: undefined, ASSAY_BRIDGE_PORT: "0" },
    ready,
  });
  const url = ready.exec(bridge.output())?.[1] ?? "";
  const body = traces({ spanId: "00f067aa0ba902b7", exception: EXCEPTION });
  expect((await send(url, "/v1/traces", body)).status).toBe(200);
  await bridge.stop();
  expect(bridge.output("stderr")).toBe(
    'assay-error-bridge: Sentry refuses events of the project "default" with HTTP 403; check the DSN.\n',
  );
});
