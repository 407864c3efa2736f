import { once } from "node:events";
import { request } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import {
  JsonTraceSerializer,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import { expect, test } from "vitest";
import { startConsole, type AssayConsole } from "../src/index.ts";
import { PAYMENT_SPANS, tracesRequest } from "./otlp-payment.ts";
import { sdkMetrics, sdkSpans } from "./sdk-telemetry.ts";

const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

interface Answer {
  status: number;
  type: string | null;
  body: string;
}

async function post(
  assay: AssayConsole,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = JSON_TYPE,
): Promise<Answer> {
  const response = await fetch(assay.url + path, {
    method: "POST",
    body: typeof body === "string" ? body : Uint8Array.from(body),
    headers,
  });
  const type = response.headers.get("content-type");
  return { status: response.status, type, body: await response.text() };
}

const ACCEPTED = { status: 200, type: "application/json", body: "{}" };

test("a payment sent as JSON, as protobuf and gzipped is held once, with its callback linked", async () => {
  let changes = 0;
  await using assay = await startConsole({ port: 0, onChange: () => (changes += 1) });
  const spans = sdkSpans();
  const json = JsonTraceSerializer.serializeRequest(spans)!;
  const protobuf = ProtobufTraceSerializer.serializeRequest(spans)!;
  const gzip = { "content-encoding": "gzip" };
  expect([
    await post(assay, "/v1/traces", json, { "content-type": "application/json; charset=utf-8" }),
    await post(assay, "/v1/traces", protobuf, PROTOBUF_TYPE),
    await post(assay, "/v1/traces", gzipSync(protobuf), { ...PROTOBUF_TYPE, ...gzip }),
    await post(assay, "/v1/traces", gzipSync(json), { ...JSON_TYPE, ...gzip }),
  ]).toEqual([
    ACCEPTED,
    { status: 200, type: "application/x-protobuf", body: "" },
    { status: 200, type: "application/x-protobuf", body: "" },
    ACCEPTED,
  ]);
  const [payment] = assay.store.payments();
  expect({
    changes,
    traces: payment?.traces.map(({ role, spans: { length } }) => [role, length]),
    amount: payment?.amountMinor,
    errors: assay.store.errors().map(({ type, message, sources }) => [type, message, sources]),
  }).toEqual({
    changes: 4,
    traces: [
      ["initiation", 2],
      ["follow-up", 1],
    ],
    amount: 9_007_199_254_740_991n,
    errors: [["TypeError", "no such phone", ["span"]]],
  });
});

test("metrics and log records are taken, and an exception in a log record is an error", async () => {
  await using assay = await startConsole({ port: 0 });
  const metrics = ProtobufMetricsSerializer.serializeRequest(await sdkMetrics())!;
  await post(assay, "/v1/metrics", metrics, PROTOBUF_TYPE);
  const record = {
    timeUnixNano: "1",
    severityText: "FATAL",
    body: { stringValue: "gone" },
    attributes: [
      { key: "exception.type", value: { stringValue: "RangeError" } },
      { key: "exception.message", value: { stringValue: "too far" } },
    ],
  };
  const logs = { resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] };
  await post(assay, "/v1/logs", JSON.stringify(logs));
  expect([
    assay.store.metrics().map(({ name }) => name),
    assay.store.logs().map(({ body }) => body),
    assay.store.errors().map(({ type, level, sources }) => [type, level, sources]),
  ]).toEqual([
    ["finance.payment.transactions", "finance.payment.duration"],
    ["gone"],
    [["RangeError", "fatal", ["log"]]],
  ]);
});

test("a Sentry envelope, plain or gzipped, becomes one error that carries its trace", async () => {
  await using assay = await startConsole({ port: 0 });
  const event = JSON.stringify({
    event_id: "e".repeat(32),
    timestamp: 1_795_509_000.5,
    level: "fatal",
    release: "shop@1.2.3",
    environment: "test",
    fingerprint: ["daraja", "timeout"],
    contexts: { trace: { trace_id: "A".repeat(32), span_id: "b".repeat(16) } },
    exception: {
      values: [
        { type: "Error", value: "cause" },
        {
          type: "DarajaError",
          value: "no answer\nin 30 s",
          stacktrace: {
            frames: [
              { filename: "src/daraja.ts", lineno: 42, function: "push", in_app: true },
              { filename: "node:internal", lineno: 1, in_app: false },
            ],
          },
        },
      ],
    },
  });
  const length = Buffer.byteLength(event);
  const envelope = `{"event_id":"${"e".repeat(32)}"}\n{"type":"event","length":${length}}\n${event}\n{"type":"client_report"}\n{}\n`;
  const answer = { ...ACCEPTED, body: `{"id":"${"e".repeat(32)}"}` };
  const endpoint = `/api${new URL(assay.dsn).pathname}/envelope/`;
  expect([
    await post(assay, endpoint, envelope, {}),
    await post(assay, endpoint, gzipSync(envelope), {
      "content-encoding": "gzip",
      "content-type": "application/x-sentry-envelope",
    }),
  ]).toEqual([answer, answer]);
  expect([assay.store.errors(), assay.store.envelopeItems()]).toEqual([
    [
      {
        sources: ["sentry"],
        type: "DarajaError",
        message: "no answer\nin 30 s",
        level: "fatal",
        timeNs: 1_795_509_000_500_000_000n,
        count: 1,
        fingerprint: ["daraja", "timeout"],
        service: "",
        release: "shop@1.2.3",
        environment: "test",
        eventId: "e".repeat(32),
        traceId: "a".repeat(32),
        spanId: "b".repeat(16),
        location: "src/daraja.ts:42 in push",
      },
    ],
    { event: 2, client_report: 2 },
  ]);
});

test("bad input is answered with a status and a sentence, and the console goes on", async () => {
  await using assay = await startConsole({ port: 0 });
  const gzip = { ...JSON_TYPE, "content-encoding": "gzip" };
  const problem = (status: number, message: string): Answer => ({
    status,
    type: "application/json",
    body: JSON.stringify({ message }),
  });
  const PATHS = "The console takes /v1/traces, /v1/metrics, /v1/logs and /api/<project>/envelope/.";
  const TYPES = "The content type must be application/json or application/x-protobuf.";
  const LARGE = "The body is larger than 20 MiB; send smaller batches.";
  const spanOf = (value: string): string =>
    `{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"${"1".repeat(32)}","spanId":"${"1".repeat(16)}","startTimeUnixNano":"1","attributes":[{"key":"a","value":${value}}]}]}]}]}`;
  const deep = `${'{"arrayValue":{"values":['.repeat(20_000)}{}${"]}}".repeat(20_000)}`;
  expect([
    await post(assay, "/v1/traces", "{"),
    await post(assay, "/v1/traces", "[]"),
    await post(assay, "/v1/traces", '{"resourceSpans":1}'),
    await post(assay, "/v1/traces", spanOf(deep)),
    await post(assay, "/v1/traces", "not gzip", gzip),
    await post(assay, "/v1/traces", "{}", { ...JSON_TYPE, "content-encoding": "br" }),
    await post(assay, "/v1/traces", "{}", { "content-type": "text/plain" }),
    await post(assay, "/v1/traces", Buffer.alloc(21 * 1024 * 1024, " ")),
    await post(assay, "/v1/traces", gzipSync(Buffer.alloc(21 * 1024 * 1024, " ")), gzip),
    await post(assay, "/v2/traces", "{}"),
    await post(assay, "/api/1/store/", "{}"),
    await post(assay, "/api/1/envelope/", "nothing", {}),
    await post(assay, "/api/1/envelope/", '{}\n{"type":"event"}\nnot json', {}),
  ]).toEqual([
    problem(400, "The body is not a JSON object."),
    problem(400, "The body is not a JSON object."),
    problem(400, "resourceSpans is not a list."),
    problem(400, "A value nests deeper than 64 levels."),
    problem(400, "The body is not valid gzip."),
    problem(415, "The content encoding must be gzip, or none."),
    problem(415, TYPES),
    problem(413, LARGE),
    problem(413, LARGE),
    problem(404, PATHS),
    problem(404, PATHS),
    problem(400, "The envelope header is not a JSON object."),
    problem(400, "The payload of an event item is not a JSON object."),
  ]);
  const protobuf = await post(assay, "/v1/traces", Buffer.of(0x0a, 0x7f), PROTOBUF_TYPE);
  const sentence = "A field is longer than the message that holds it.";
  expect(protobuf).toEqual({
    status: 400,
    type: "application/x-protobuf",
    body: `\u0012${String.fromCharCode(sentence.length)}${sentence}`,
  });
  const get = await fetch(`${assay.url}/v1/traces`);
  expect([get.status, get.headers.get("allow"), await get.text()]).toEqual([
    405,
    "POST",
    '{"message":"The console takes POST only."}',
  ]);
  expect(await post(assay, "/v1/traces", "{}")).toEqual(ACCEPTED);
});

test("spans without valid ids are named in a partial success, and the others are taken", async () => {
  await using assay = await startConsole({ port: 0 });
  const body = tracesRequest([PAYMENT_SPANS[0]!, { ...PAYMENT_SPANS[1]!, trace: "no id" }]);
  const answer = await post(assay, "/v1/traces", JSON.stringify(body));
  expect([
    JSON.parse(answer.body),
    assay.store.traces().length,
    assay.store.dropped.invalid,
  ]).toEqual([
    { partialSuccess: { rejectedSpans: "1", errorMessage: "1 invalid items were not taken." } },
    1,
    1,
  ]);
});

test("a sender that hangs up in the middle of a body leaves the console running", async () => {
  await using assay = await startConsole({ port: 0 });
  const sender = request(`${assay.url}/v1/traces`, {
    method: "POST",
    headers: { ...JSON_TYPE, "content-length": "1000" },
  });
  sender.write("{");
  const [socket] = (await once(sender, "socket")) as [import("node:net").Socket];
  if (socket.connecting) await once(socket, "connect");
  const failed = once(sender, "error").catch((error: unknown) => [error]);
  socket.resetAndDestroy();
  await failed;
  expect(await post(assay, "/v1/traces", "{}")).toEqual(ACCEPTED);
});

test("a host that is not loopback, a port in use and a wrong port are each refused in one sentence", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  await expect(startConsole({ host: "0.0.0.0", port: 0 })).rejects.toMatchObject({
    code: "ASSAY_CONSOLE_HOST_NOT_LOOPBACK",
    message:
      'The console\'s host is "0.0.0.0"; use 127.0.0.1, ::1 or localhost, for it takes telemetry without asking who sends it.',
  });
  await expect(startConsole({ port })).rejects.toMatchObject({
    code: "ASSAY_CONSOLE_PORT_IN_USE",
    message: `Port ${port} on 127.0.0.1 is in use; stop what listens there, or use another port.`,
  });
  await expect(startConsole({ port: 70_000 })).rejects.toMatchObject({
    code: "ASSAY_CONSOLE_PORT_INVALID",
    message: "The console's port is 70000; use a whole number from 0 to 65535.",
  });
  taken.close();
});

test("closing twice is fine, and the port is free afterwards", async () => {
  const first = await startConsole({ port: 0 });
  const { port } = new URL(first.url);
  await Promise.all([first.close(), first.close()]);
  await using second = await startConsole({ port: Number(port) });
  expect(second.url).toBe(first.url);
});
