import { TraceFlags } from "@opentelemetry/api";
import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { startErrorClient } from "../src/error-client.ts";
import { sentryServer } from "./sentry-server.ts";

const spanContext = {
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  traceFlags: TraceFlags.SAMPLED,
};

function clientOf(dsn: string) {
  const dropped: string[] = [];
  const said: string[] = [];
  const client = startErrorClient({
    dsn,
    redactor: createRedactor(),
    release: "1.2.3",
    environment: "staging",
    serviceName: "pay",
    onDropped: (reason) => dropped.push(reason),
    onDiagnostic: (sentence) => said.push(sentence),
  });
  return { client, dropped, said };
}

test("an error is one event with the span's ids, its cause and its tags", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  const error = new RangeError("payout failed", { cause: new Error("socket closed") });
  const eventId = client.capture(error, {
    spanContext,
    attributes: { "finance.provider.name": "safaricom", "customer.name": "Jane" },
  });
  expect(await client.flush(5_000)).toBe(true);
  expect(server.events()).toMatchObject([
    {
      event_id: eventId,
      level: "error",
      platform: "node",
      release: "1.2.3",
      environment: "staging",
      sdk: { name: "assay.sentry" },
      contexts: { trace: { trace_id: spanContext.traceId, span_id: spanContext.spanId } },
      tags: { "service.name": "pay", "finance.provider.name": "safaricom" },
      exception: {
        values: [
          { type: "Error", value: "socket closed" },
          { type: "RangeError", value: "payout failed", stacktrace: { frames: expect.any(Array) } },
        ],
      },
    },
  ]);
  expect(server.bodies.join("")).not.toContain("Jane");
});

test("whatever number of places sees an error, it is one event", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  const error = new Error("seen three times");
  const ids = [1, 2, 3].map(() => client.capture(error, { spanContext }));
  await client.flush(5_000);
  expect(new Set(ids).size).toBe(1);
  expect(server.events()).toHaveLength(1);
});

test.each([["a string"], [42], [undefined], [null], [{ reason: "object" }]])(
  "%j thrown is an event too",
  async (thrown) => {
    await using server = await sentryServer();
    const { client, dropped } = clientOf(server.dsn);
    client.capture(thrown, { spanContext });
    await client.flush(5_000);
    expect(dropped).toEqual([]);
    expect(server.events()).toHaveLength(1);
  },
);

test("no secret leaves in message, name, stack, cause, tags or environment", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  const pan = "4111111111111111";
  const error = new Error(`card ${pan} of jane@bank.example`, { cause: new Error(`cause ${pan}`) });
  error.name = `Error${pan}`;
  error.stack = `${error.name}: ${error.message}\n    at pay (/srv/${pan}/pay.js:1:1)`;
  client.capture(error, { spanContext, attributes: { "http.route": `/cards/${pan}`, [pan]: "x" } });
  await client.flush(5_000);
  expect(server.events()).toHaveLength(1);
  expect(server.bodies.join("")).not.toMatch(/4111111111111111|jane@bank/);
});

test("twelve errors at once keep their own ids", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  const spans = Array.from({ length: 12 }, (_, index) => index.toString(16).padStart(16, "0"));
  await Promise.all(
    spans.map(async (spanId, index) => {
      await Promise.resolve();
      client.capture(new Error(`failure ${index}`), { spanContext: { ...spanContext, spanId } });
    }),
  );
  await client.flush(5_000);
  const pairs = server
    .events()
    .map((event) => [event.exception?.values?.[0]?.value, event.contexts?.trace?.span_id]);
  expect(pairs.toSorted()).toEqual(
    spans.map((spanId, index) => [`failure ${index}`, spanId]).toSorted(),
  );
});

test("while the server is away events are held, told once, and delivered when it is back", async () => {
  await using server = await sentryServer();
  server.answer(503);
  const { client, dropped, said } = clientOf(server.dsn);
  client.capture(new Error("held"), { spanContext });
  expect(await client.flush(5_000)).toBe(false);
  expect(client.pending()).toHaveLength(1);
  server.answer(200);
  expect(await client.flush(5_000)).toBe(true);
  expect(server.events()).toHaveLength(1);
  expect(dropped).toEqual([]);
  expect(said).toEqual([
    "errors are not delivered. Up to 5000, or 16 MB, are held and sent again.",
    "errors are delivered again.",
  ]);
});

test.each(["SENTRY_TRACES_SAMPLE_RATE", "SENTRY_SPOTLIGHT"])("%s changes nothing", async (name) => {
  await using server = await sentryServer();
  process.env[name] = name === "SENTRY_SPOTLIGHT" ? server.dsn : "1";
  try {
    const { client } = clientOf(server.dsn);
    client.capture(new Error("only one"), { spanContext });
    await client.flush(5_000);
    expect(server.requests()).toBe(1);
  } finally {
    delete process.env[name];
  }
});

test("a wrong DSN is one sentence that does not repeat the key", () => {
  expect(() => clientOf("https://Sup3rS3cret@sentry.example/no-project")).toThrow(
    'SENTRY_DSN is "https://***@sentry.example/no-project", which cannot be used; write https://PUBLIC_KEY@HOST/PROJECT_ID',
  );
  expect(() => clientOf("https://Sup3r-S3cret@sentry.example/1")).toThrow(
    'SENTRY_DSN is "https://***@sentry.example/1", which cannot be used; write https://PUBLIC_KEY@HOST/PROJECT_ID',
  );
});

test("space around a DSN, as a file's last line has it, loses no error", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(` ${server.dsn}\n`);
  client.capture(new Error("kept"), { spanContext });
  expect(await client.flush(5_000)).toBe(true);
  expect(server.events()).toHaveLength(1);
});

test("a tag is cut after redaction, so that no part of a secret is left at its end", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  for (let before = 180; before < 200; before += 1) {
    const error = new Error(`cut at ${before}`);
    const start = "x".repeat(before);
    client.capture(error, { attributes: { "http.route": `${start} 4111111111111111` } });
    client.capture(new Error(`mail ${before}`), {
      attributes: { "finance.provider.name": `${start.slice(4)} jane.doe@bank.example` },
    });
  }
  await client.flush(5_000);
  expect(server.events()).toHaveLength(40);
  expect(server.bodies.join("")).not.toMatch(/4111111111|jane/);
  const longest = server.events().map((event) => String(event.tags?.["http.route"] ?? "").length);
  expect(Math.max(...longest)).toBe(200);
});

test("an event on which the server fails does not hold up the others, and is given up", async () => {
  await using server = await sentryServer();
  server.answer((body) => (body.includes("poison") ? 500 : 200));
  const { client, dropped } = clientOf(server.dsn);
  for (const message of ["poison", "one", "two"])
    client.capture(new Error(message), { spanContext });
  for (let tries = 0; tries < 8; tries += 1) await client.flush(5_000);
  expect(server.events().map((event) => event.exception?.values?.[0]?.value)).toEqual([
    "one",
    "two",
  ]);
  expect(client.pending()).toEqual([]);
  expect(dropped).toEqual(["refused"]);
});

test("while the server fails on every event none is given up", async () => {
  await using server = await sentryServer();
  server.answer(500);
  const { client, dropped } = clientOf(server.dsn);
  for (const message of ["one", "two"]) client.capture(new Error(message), { spanContext });
  for (let tries = 0; tries < 12; tries += 1) await client.flush(5_000);
  server.answer(200);
  await client.flush(5_000);
  expect(server.events()).toHaveLength(2);
  expect(dropped).toEqual([]);
});

test("a server's Retry-After is kept to", async () => {
  await using server = await sentryServer();
  server.answer(429, { "retry-after": "2" });
  const { client } = clientOf(server.dsn);
  client.capture(new Error("limited"), { spanContext });
  expect(await client.flush(5_000)).toBe(false);
  const refusedAt = Date.now();
  server.answer(200);
  await expect.poll(() => server.events(), { timeout: 5_000 }).toHaveLength(1);
  expect(Date.now() - refusedAt).toBeGreaterThan(1_900);
});

test("a flush that is waited for keeps the process alive; held events alone do not", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  // Timers that keep a process alive; those that are unref'd are not listed.
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  server.answer(503);
  const before = timers();
  client.capture(new Error("held"), { spanContext });
  const flushed = client.flush(5_000);
  expect(timers()).toBe(before + 1);
  expect(await flushed).toBe(false);
  expect(timers()).toBe(before);
});

test("an error that two places see outside any trace is one event under one id", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  const error = new Error("twice");
  const eventId = client.capture(error);
  expect(client.capture(error)).toBe(eventId);
  await client.flush(5_000);
  expect(server.events().map((event) => event.event_id)).toEqual([eventId]);
});

test("an error outside any trace has no trace context", async () => {
  await using server = await sentryServer();
  const { client } = clientOf(server.dsn);
  client.capture(new Error("at start-up"));
  await client.flush(5_000);
  expect(server.events().map(({ contexts }) => contexts)).toEqual([undefined]);
});

test.each([[undefined], [null], [7], ["a string"], [{ reason: "an object" }], [[1]]])(
  "a thrown %j is an event without frames of ours",
  async (thrown) => {
    await using server = await sentryServer();
    const { client } = clientOf(server.dsn);
    const eventId = client.capture(thrown);
    await client.flush(5_000);
    expect(server.events()).toMatchObject([{ event_id: eventId }]);
    expect(server.events()[0]?.exception?.values?.[0]?.stacktrace).toBe(undefined);
  },
);
