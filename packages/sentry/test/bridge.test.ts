import { gzipSync } from "node:zlib";
import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { createPseudonyms, createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { createErrorBridge } from "../src/bridge-server.ts";
import { startErrorClient } from "../src/error-client.ts";
import { describe as describeError } from "../src/event-id.ts";
import { type Attributes, attributesOf, EXCEPTION, send, TRACE, traces } from "./otlp-body.ts";
import { sentryServer } from "./sentry-server.ts";

test("an exception on two spans of a trace is one event, with ids, frames, release and tags", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const body = traces(
    { spanId: "00f067aa0ba902b7", exception: EXCEPTION, attributes: { "http.route": "/payments" } },
    { spanId: "00f067aa0ba902b8", parentSpanId: "00f067aa0ba902b7", exception: EXCEPTION },
  );
  const response = await send(bridge.url, "/v1/traces", body);
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect(server.events()).toMatchObject([
    {
      level: "error",
      release: "1.2.3",
      timestamp: 1_763_720_130.123,
      contexts: { trace: { trace_id: TRACE, span_id: "00f067aa0ba902b7" } },
      tags: { "service.name": "pay", "http.route": "/payments" },
      exception: {
        values: [
          {
            type: "TypeError",
            value: "payout failed",
            stacktrace: { frames: [{ filename: "/srv/app/pay.js", function: "pay", lineno: 10 }] },
          },
        ],
      },
    },
  ]);
});

test("a user's pseudonym of the span is the event's user", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const id = createPseudonyms([{ id: "k1", key: Buffer.alloc(32, 7) }]).make("user", "usr_jane");
  const span = { spanId: "00f067aa0ba902b7", exception: EXCEPTION };
  const attributes = { "user.id": id ?? "", "finance.client.version": "5.12.3" };
  await send(bridge.url, "/v1/traces", traces({ ...span, attributes }));
  expect(server.events()).toMatchObject([
    { user: { id }, tags: { "finance.client.version": "5.12.3" } },
  ]);
});

test("a failed span with no exception is an event only where nothing of its trace says more", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 300 });
  const other = "5bf92f3577b34da6a3ce929d0e0e4736";
  await Promise.all([
    // The server span comes first and alone; its exception comes in a request of its own.
    send(bridge.url, "/v1/traces", traces({ spanId: "0000000000000001" })),
    send(
      bridge.url,
      "/v1/traces",
      traces({ spanId: "0000000000000002", kind: 1, exception: EXCEPTION }),
    ),
    // In another trace nobody recorded an exception: the topmost failed span speaks.
    send(
      bridge.url,
      "/v1/traces",
      traces(
        { traceId: other, spanId: "0000000000000003", message: "gateway timeout" },
        { traceId: other, spanId: "0000000000000004", parentSpanId: "0000000000000003" },
        { traceId: other, spanId: "0000000000000005", parentSpanId: "0000000000000003", kind: 3 },
      ),
    ),
  ]);
  const said = server
    .events()
    .map((event) => [event.contexts?.trace?.span_id, event.exception?.values?.[0]?.value]);
  expect(said.toSorted()).toEqual([
    ["0000000000000002", "payout failed"],
    ["0000000000000003", "gateway timeout"],
  ]);
});

test("a failed call that its caller handled is no event", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const body = traces({ spanId: "0000000000000001", parentSpanId: "00000000000000aa", kind: 3 });
  expect((await send(bridge.url, "/v1/traces", body)).status).toBe(200);
  expect(server.requests()).toBe(0);
});

test("what a call threw is no event of its own: its caller has its own exception, speaks with it, or handled it", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const above = "00000000000000aa";
  const call = { spanId: "0000000000000001", parentSpanId: above, kind: 3 };
  const reset = {
    "exception.type": "ECONNRESET",
    "exception.message": "read ECONNRESET",
    "exception.stacktrace": "Error: read ECONNRESET\n    at read (/srv/app/net.js:7:1)",
  };
  const [thrown, bare, handled, root] = ["1", "2", "3", "4"].map((digit) => digit.repeat(32));
  const requests = [
    [
      { ...call, traceId: thrown!, exception: reset },
      { spanId: above, traceId: thrown!, kind: 1, exception: EXCEPTION },
    ],
    [
      { ...call, traceId: bare!, exception: reset },
      { spanId: above, traceId: bare! },
    ],
    [{ ...call, traceId: handled!, exception: reset }],
    [{ ...call, traceId: root!, parentSpanId: "", exception: reset }],
  ];
  for (const spans of requests) await send(bridge.url, "/v1/traces", traces(...spans));
  expect(
    server
      .events()
      .map(({ contexts, exception }) => [
        contexts?.trace?.trace_id,
        contexts?.trace?.span_id,
        exception?.values?.[0]?.value,
      ]),
  ).toEqual([
    [thrown, above, "payout failed"],
    [bare, above, "read ECONNRESET"],
    [root, call.spanId, "read ECONNRESET"],
  ]);
});

test("a server that failed behind a call is told of when the call's caller went on", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const caller = "00000000000000aa";
  const call = { spanId: "0000000000000001", parentSpanId: caller, kind: 3 };
  const failed = { spanId: "0000000000000002", parentSpanId: call.spanId };
  await send(bridge.url, "/v1/traces", traces(call, failed));
  expect(server.events().map((event) => event.contexts?.trace?.span_id)).toEqual([failed.spanId]);

  // Where the caller failed for it, the caller speaks for both.
  const traceId = "5bf92f3577b34da6a3ce929d0e0e4736";
  const all = [{ spanId: caller }, call, failed].map((span) => ({ ...span, traceId }));
  await send(bridge.url, "/v1/traces", traces(...all));
  expect(server.events().map((event) => event.contexts?.trace?.span_id)).toEqual([
    failed.spanId,
    caller,
  ]);
});

test("an error log record is an event; below ERROR it is none; gzip is read", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const record = (severityNumber: number, text: string, attributes: Attributes = {}) => ({
    traceId: TRACE,
    spanId: "00f067aa0ba902b7",
    timeUnixNano: "1763720130123456789",
    severityNumber,
    body: { stringValue: text },
    attributes: attributesOf(attributes),
  });
  const logRecords = [
    record(9, "started"),
    record(17, "ledger out of balance"),
    record(21, "uncaught", EXCEPTION),
  ];
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const response = await send(bridge.url, "/v1/logs", gzipSync(body), {
    "content-encoding": "gzip",
  });
  expect(response.status).toBe(200);
  expect(
    server.events().map((event) => [event.level, event.exception?.values?.[0]?.value]),
  ).toEqual([
    ["error", "ledger out of balance"],
    ["fatal", "payout failed"],
  ]);
});

test("a request that timed out is an issue of that name on both ways, and not of a number", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const error = await new Promise((resolve) => {
    const signal = AbortSignal.timeout(1);
    signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
  });
  const { type, message, stack } = describeError(error);
  expect(type).toBe("23");
  const exception = {
    "exception.type": type,
    "exception.message": message,
    "exception.stacktrace": stack,
  };
  await send(bridge.url, "/v1/traces", traces({ spanId: "00f067aa0ba902b7", exception }));
  const client = startErrorClient({ dsn: server.dsn, redactor: createRedactor() });
  client.capture(error);
  await client.flush(5_000);
  const titles = server.events().map((event) => event.exception?.values?.at(-1)?.type);
  expect(titles).toEqual(["TimeoutError", "TimeoutError"]);
  await client.close();
});

test("nothing sensitive passes the bridge", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const pan = "4111111111111111";
  const exception = {
    "exception.type": `Error${pan}`,
    "exception.message": `card ${pan} of jane@bank.example`,
    "exception.stacktrace": `Error: card ${pan}\n    at pay (/srv/${pan}/pay.js:10:5)`,
  };
  const attributes = { "http.route": `/cards/${pan}` };
  await send(
    bridge.url,
    "/v1/traces",
    traces({ spanId: "00f067aa0ba902b7", exception, attributes }),
  );
  expect(server.events()).toHaveLength(1);
  expect(server.bodies.join("")).not.toMatch(/4111111111111111|jane@bank/);
});

test("one error on both ways, process and Collector, has one id", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  const redactor = createRedactor();
  const client = startErrorClient({ dsn: server.dsn, redactor });
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const span = provider.getTracer("t").startSpan("settle", { kind: SpanKind.SERVER });
  const error = Object.assign(new Error("card 4111111111111111 was refused"), { code: "DECLINED" });
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  const eventId = client.capture(error, { spanContext: span.spanContext() });
  await client.flush(5_000);
  const body =
    JsonTraceSerializer.serializeRequest(exporter.getFinishedSpans()) ?? new Uint8Array();
  await send(bridge.url, "/v1/traces", body);
  const events = server.events();
  expect(events.map(({ event_id: id }) => id)).toEqual([eventId, eventId]);
  expect(events.map((event) => event.exception?.values?.at(-1)?.type)).toEqual([
    "DECLINED",
    "DECLINED",
  ]);
});

test.each([
  ["POST", "/v1/traces", "application/json", "{", 400],
  ["POST", "/v1/traces", "application/json", '{"resourceSpans":{}}', 400],
  ["POST", "/v1/traces", "text/plain", "x", 415],
  ["POST", "/v1/metrics", "application/json", "{}", 404],
  ["PUT", "/v1/logs", "application/json", "{}", 405],
])(
  "%s %s as %s with %j is answered with a sentence and %i",
  async (method, path, type, body, status) => {
    await using bridge = await createErrorBridge({
      dsn: "http://k@127.0.0.1:9/1",
      port: 0,
      waitMs: 0,
    });
    const headers = { "content-type": type };
    const response = await send(bridge.url, path, body, headers, method);
    expect([response.status, await response.json()]).toEqual([
      status,
      { message: expect.any(String) },
    ]);
  },
);

test("a port in use is one sentence that names the variable", async () => {
  const dsn = "http://k@127.0.0.1:9/1";
  await using bridge = await createErrorBridge({ dsn, port: 0 });
  const port = Number(new URL(bridge.url).port);
  await expect(createErrorBridge({ dsn, port })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use; set ASSAY_BRIDGE_PORT to a free port, or 0 for any`,
  );
});
