import { gzipSync } from "node:zlib";
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
    { partialSuccess: { rejectedSpans: "1" } },
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
        rejectedSpans: "1",
        errorMessage: "Errors that cannot be read or judged, or that Sentry refused for good.",
      },
    },
  ]);
});

test.each([301, 401, 403, 404, 400])(
  "that Sentry refuses events with %i is told once until one is accepted, and without the event",
  async (status) => {
    await using server = await sentryServer();
    const said: string[] = [];
    const onDiagnostic = (sentence: string) => said.push(sentence);
    await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, onDiagnostic });
    let sent = 0;
    const one = async (answer: number) => {
      server.answer(answer);
      sent += 1;
      const exception = { ...EXCEPTION, "exception.message": `error ${sent}` };
      const body = traces({ spanId: "00f067aa0ba902b7", exception });
      expect((await send(bridge.url, "/v1/traces", body)).status).toBe(200);
    };
    for (const answer of [status, status, 200, status]) await one(answer);
    const advice =
      status === 400
        ? "they are set aside, or lost without ASSAY_BRIDGE_SET_ASIDE"
        : "check the DSN";
    const sentence = `Sentry refuses events of the project "default" with HTTP ${status}; ${advice}`;
    expect(said).toEqual([sentence, sentence]);
  },
);

test("above 64 MB of bodies that wait the bridge answers 503, and takes them when the others are answered", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 5_000 });
  // A failed span without an exception waits, longer than the bodies take to arrive. Each body is 19 MB, most of it space.
  const bodies = [1, 2, 3, 4, 5].map((n) => {
    const traceId = `${n}bf92f3577b34da6a3ce929d0e0e4736`;
    return traces({ traceId, spanId: "00f067aa0ba902b7" }) + " ".repeat(19_000_000);
  });
  const sendAll = (those: string[]) =>
    Promise.all(those.map((body) => send(bridge.url, "/v1/traces", body)));
  const first = await sendAll(bodies);
  const refused = first.flatMap(({ status }, n) => (status === 200 ? [] : [n]));
  expect(refused.length).toBeGreaterThanOrEqual(2);
  const answers = refused.map((n) => [first[n]?.status, first[n]?.headers.get("retry-after")]);
  expect(new Set(answers.map(String))).toEqual(new Set(["503,5"]));
  expect(server.events()).toHaveLength(5 - refused.length);
  const second = await sendAll(refused.flatMap((n) => bodies[n] ?? []));
  expect(new Set(second.map(({ status }) => status))).toEqual(new Set([200]));
  expect(server.events()).toHaveLength(5);
}, 60_000);

test("a body above 20 MB is answered 413, zipped or not", async () => {
  await using bridge = await createErrorBridge({ dsn: "https://key@sentry.example/1", port: 0 });
  const body = " ".repeat(22_000_000);
  const gzip = { "content-encoding": "gzip" };
  const statuses = [
    (await send(bridge.url, "/v1/traces", gzipSync(body), gzip)).status,
    (await send(bridge.url, "/v1/traces", body)).status,
  ];
  expect(statuses).toEqual([413, 413]);
}, 60_000);
