import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { createErrorBridge } from "../src/bridge-server.ts";
import { EXCEPTION, send, traces } from "./otlp-body.ts";
import { sentryServer } from "./sentry-server.ts";

test("an event on which Sentry fails does not hold up the others, and is given up", async () => {
  await using server = await sentryServer();
  server.answer((body) => (body.includes("poison") ? 500 : 200));
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0 });
  const of = (spanId: string, message: string) => ({
    spanId,
    exception: { ...EXCEPTION, "exception.message": message },
  });
  const body = traces(of("0000000000000001", "poison"), of("0000000000000002", "fine"));
  const statuses: number[] = [];
  for (let tries = 0; tries < 6; tries += 1) {
    statuses.push((await send(bridge.url, "/v1/traces", body)).status);
  }
  expect(statuses).toEqual([503, 503, 503, 503, 200, 200]);
  expect(server.events().map((event) => event.exception?.values?.[0]?.value)).toEqual(["fine"]);
});

test("while Sentry fails on every event none is given up", async () => {
  await using server = await sentryServer();
  server.answer(500);
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0 });
  const body = traces(
    ...[1, 2, 3, 4].map((n) => ({
      spanId: `000000000000000${n}`,
      exception: { ...EXCEPTION, "exception.message": `error ${n}` },
    })),
  );
  for (let tries = 0; tries < 8; tries += 1) {
    expect((await send(bridge.url, "/v1/traces", body)).status).toBe(503);
  }
  server.answer(200);
  expect((await send(bridge.url, "/v1/traces", body)).status).toBe(200);
  expect(server.events()).toHaveLength(4);
});

test("an event that cannot be judged is counted, and those beside it arrive", async () => {
  await using server = await sentryServer();
  const { text, value, batch } = createRedactor();
  const redactor = {
    text,
    batch,
    value(key: string, given: unknown) {
      if (given === "unjudgeable") throw new Error("redaction failed");
      return value(key, given);
    },
  };
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, redactor });
  const bad = { ...EXCEPTION, "exception.message": "unjudgeable" };
  const body = traces(
    { spanId: "0000000000000001", exception: bad },
    { spanId: "0000000000000002", exception: EXCEPTION },
  ).replace('"1763720130123456789"', '"1.5"');
  const response = await send(bridge.url, "/v1/traces", body);
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { partialSuccess: { rejectedSpans: 1 } },
  ]);
  expect(server.events()).toHaveLength(1);
});

test("while Sentry is away the bridge answers 503, and the same data sent again is one event", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const body = traces({ spanId: "00f067aa0ba902b7", exception: EXCEPTION });
  server.answer(502);
  const away = await send(bridge.url, "/v1/traces", body);
  expect([away.status, away.headers.get("retry-after")]).toEqual([503, "5"]);
  server.answer(200);
  expect((await send(bridge.url, "/v1/traces", body)).status).toBe(200);
  expect((await send(bridge.url, "/v1/traces", body)).status).toBe(200);
  expect(server.events()).toHaveLength(1);
});

test("what Sentry refuses for good is counted in the answer and not asked for again", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  server.answer(400);
  const response = await send(
    bridge.url,
    "/v1/traces",
    traces({ spanId: "00f067aa0ba902b7", exception: EXCEPTION }),
  );
  expect([response.status, await response.json()]).toEqual([
    200,
    {
      partialSuccess: {
        rejectedSpans: 1,
        errorMessage: "error events that Sentry refused for good, or that could not be judged",
      },
    },
  ]);
});
