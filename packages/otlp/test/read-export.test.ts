import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import {
  TracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import {
  type BodyLimits,
  formOf,
  MAX_BODY_BYTES,
  readExport,
  type RequestError,
  sendExported,
  sendProblem,
} from "../src/index.ts";

const JSON_TYPE = { "content-type": "application/json" };
const PROTOBUF_TYPE = { "content-type": "application/x-protobuf" };

/** A server that answers what was read, as OTLP says. */
async function receiver(limits?: BodyLimits) {
  const read: unknown[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const form = formOf(request);
    readExport(request, "/v1/traces", limits).then(
      (body) => {
        read.push(body);
        sendExported(response, { path: "/v1/traces", form, rejected: 0 });
      },
      (error: unknown) => {
        const { status, message } = error as RequestError;
        sendProblem(response, { status, form, sentence: message });
      },
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`;
  return {
    read,
    post: async (body: string | Buffer, headers: Record<string, string>, method = "POST") => {
      const init = method === "GET" ? { headers } : { body, headers, method };
      const response = await fetch(url, init);
      return { status: response.status, text: await response.text() };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

test("spans read the same from JSON and from protobuf, packed or not", async () => {
  await using it = await receiver();
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const provider = new TracerProvider({ spanProcessors });
  provider.getTracer("test").startSpan("initiate collection").end();
  const spans = exporter.getFinishedSpans();
  const json = Buffer.from(JsonTraceSerializer.serializeRequest(spans)!);
  const protobuf = Buffer.from(ProtobufTraceSerializer.serializeRequest(spans)!);
  const gzip = { "content-encoding": "gzip" };
  expect(await it.post(json, JSON_TYPE)).toEqual({ status: 200, text: "{}" });
  expect(await it.post(protobuf, PROTOBUF_TYPE)).toEqual({ status: 200, text: "" });
  expect((await it.post(gzipSync(json), { ...JSON_TYPE, ...gzip })).status).toBe(200);
  expect((await it.post(gzipSync(protobuf), { ...PROTOBUF_TYPE, ...gzip })).status).toBe(200);
  const names = it.read.map((body) => {
    const [resource] = (body as { resourceSpans: { scopeSpans: { spans: object[] }[] }[] })
      .resourceSpans;
    const [span] = resource!.scopeSpans[0]!.spans;
    const { traceId, spanId, name, endTimeUnixNano } = span as Record<string, unknown>;
    return [traceId, spanId, name, String(endTimeUnixNano)];
  });
  expect(names).toHaveLength(4);
  expect(new Set(names.map(String)).size).toBe(1);
  expect(names[0]).toEqual(expect.arrayContaining(["initiate collection"]));
});

test.each([
  ["another method", "", JSON_TYPE, "GET", 405],
  ["another content type", "x", { "content-type": "text/plain" }, "POST", 415],
  ["an unknown encoding", "x", { ...JSON_TYPE, "content-encoding": "br" }, "POST", 415],
  ["what says gzip and is none", "{}", { ...JSON_TYPE, "content-encoding": "gzip" }, "POST", 400],
  ["JSON that is no object", "[4111111111111111]", JSON_TYPE, "POST", 400],
  ["no JSON", "4111111111111111,", JSON_TYPE, "POST", 400],
  ["protobuf cut short", "\n\u007f4111111111111111", PROTOBUF_TYPE, "POST", 400],
  ["too long a body", " ".repeat(MAX_BODY_BYTES + 1), JSON_TYPE, "POST", 413],
])(
  "%s is refused in one sentence that quotes no part of the body",
  async (_, body, headers, method, status) => {
    await using it = await receiver();
    const answer = await it.post(body, headers, method);
    expect(answer.status).toBe(status);
    expect(answer.text).toMatch(/\w+ [^.]+\./);
    expect(answer.text).not.toContain("4111");
    expect(it.read).toEqual([]);
  },
);

test("a body unpacks to 20 MiB at most, and what there is no room for is 503", async () => {
  let held = 0;
  await using it = await receiver({
    hold: (bytes) => {
      held += bytes;
      return held <= 1_000;
    },
  });
  const gzip = { ...JSON_TYPE, "content-encoding": "gzip" };
  expect((await it.post(gzipSync(" ".repeat(MAX_BODY_BYTES + 1)), gzip)).status).toBe(503);
  held = 0;
  expect((await it.post(gzipSync(`{"a":"${" ".repeat(900)}"}`), gzip)).status).toBe(200);
  expect((await it.post(gzipSync(`{"a":"${" ".repeat(900)}"}`), gzip)).status).toBe(503);
  await using open = await receiver();
  expect((await open.post(gzipSync(" ".repeat(MAX_BODY_BYTES + 1)), gzip)).status).toBe(413);
});
