import { createStackParser, createTransport, Scope } from "@sentry/core";
import { nodeStackLineParser, ServerRuntimeClient } from "@sentry/core/server";
import { expect, test } from "vitest";
import { startConsole } from "../src/index.ts";

test("the DSN works for Sentry's own client, and the error carries the trace it was given", async () => {
  await using assay = await startConsole({ port: 0 });
  const client = new ServerRuntimeClient({
    dsn: assay.dsn,
    release: "shop@1.2.3",
    environment: "test",
    integrations: [],
    platform: "node",
    stackParser: createStackParser(nodeStackLineParser()),
    sendClientReports: false,
    // Sentry's transports send no content type, so this one sends none either.
    transport: (options) =>
      createTransport(options, async ({ body }) => {
        const bytes = typeof body === "string" ? Buffer.from(body) : Uint8Array.from(body);
        const response = await fetch(options.url, { method: "POST", body: bytes });
        return { statusCode: response.status };
      }),
  });
  client.init();
  const scope = new Scope();
  const span = { traceId: "a".repeat(32), propagationSpanId: "b".repeat(16), sampleRand: 0.5 };
  scope.setPropagationContext(span);
  scope.setClient(client);
  client.captureException(new TypeError("no such phone"), {}, scope);
  await client.flush(5_000);

  const errors = assay.store.errors();
  expect(
    errors.map(({ type, message, traceId, spanId, release }) => [
      type,
      message,
      traceId,
      spanId,
      release,
    ]),
  ).toEqual([["TypeError", "no such phone", "a".repeat(32), "b".repeat(16), "shop@1.2.3"]]);
  expect(errors[0]?.location).toMatch(/sentry-client\.test\.ts:\d+/);
});
