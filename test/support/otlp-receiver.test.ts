import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "./otlp-receiver.ts";
import { counterRequest, logRequest, newTraceId, sendOtlp, traceRequest } from "./otlp-sender.ts";

test("gives spans, logs and metrics as plain values with their resource and scope", async () => {
  await using receiver = await startOtlpReceiver();
  const traceId = newTraceId();
  const attributes = { text: "a", count: 3, share: 0.5, list: ["x", 1], map: { deep: true } };
  const source = { resource: { region: "ke" }, scope: { name: "s", version: "1" } };
  await sendOtlp(
    receiver.url,
    "traces",
    traceRequest([{ traceId, attributes, error: "no" }], source),
  );
  await sendOtlp(receiver.url, "logs", logRequest([{ body: "b", attributes }], source));
  await sendOtlp(
    receiver.url,
    "metrics",
    counterRequest([{ name: "m", value: 2, attributes }], source),
  );

  const resource = { "service.name": "pipeline-test", region: "ke" };
  const scope = { name: "s", version: "1", attributes: {} };
  const status = { code: 2, message: "no" };
  expect([
    await receiver.waitForSpan(),
    await receiver.waitForLog(),
    await receiver.waitForMetric(),
  ]).toMatchObject([
    { traceId, attributes, status, resource, scope },
    { body: "b", severityNumber: 17, attributes, resource, scope },
    { name: "m", type: "sum", points: [{ value: 2, attributes }], resource, scope },
  ]);
});

test("keeps the bytes on the wire and the bytes after gzip", async () => {
  await using receiver = await startOtlpReceiver();
  const body = Buffer.from(JSON.stringify(traceRequest([{ name: "zipped" }])));
  await fetch(`${receiver.url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json", "content-encoding": "gzip" },
    body: gzipSync(body),
  });
  const [request] = receiver.requests;
  expect([request?.bytes, request?.raw.subarray(0, 2)]).toEqual([body, Buffer.from([0x1f, 0x8b])]);
  expect(receiver.spans().map((span) => span.name)).toEqual(["zipped"]);
});

test("refuses what is not OTLP as JSON", async () => {
  await using receiver = await startOtlpReceiver();
  const post = async (path: string, type: string, body: string): Promise<number> => {
    const headers = { "content-type": type };
    return (await fetch(receiver.url + path, { method: "POST", headers, body })).status;
  };
  expect([
    await post("/v1/traces", "application/x-protobuf", "x"),
    await post("/v1/other", "application/json", "{}"),
    await post("/v1/traces", "application/json", "{"),
  ]).toEqual([415, 404, 400]);
  // Another encoding is kept to be looked at, and is no telemetry.
  expect(receiver.requests.map(({ path, status }) => [path, status])).toEqual([
    ["/v1/traces", 415],
  ]);
  expect(receiver.spans()).toEqual([]);
});

test("answers what it is told, and a request that it refused is kept but brings no spans", async () => {
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(503);
  await expect(sendOtlp(receiver.url, "traces", traceRequest([{}]))).rejects.toThrow("503");
  expect([receiver.requests.length, receiver.spans().length]).toEqual([1, 0]);
  receiver.respondWith(200);
  await sendOtlp(receiver.url, "traces", traceRequest([{}]));
  expect([receiver.requests.length, receiver.spans().length]).toEqual([2, 1]);
});
