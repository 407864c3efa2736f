import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { createRedactor } from "@assay/redaction";
import { TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { startErrorClient } from "../src/error-client.ts";
import { errorEventId } from "../src/event-id.ts";
import { recordExceptionBridge } from "../src/exception-bridge.ts";
import { type SentryServer, sentryServer } from "./sentry-server.ts";

function bridged(server: SentryServer) {
  const client = startErrorClient({ dsn: server.dsn, redactor: createRedactor() });
  const provider = new TracerProvider({ spanProcessors: [recordExceptionBridge(client)] });
  return { client, tracer: provider.getTracer("t") };
}

test("an exception that a failed span records goes to Sentry once, with that span's ids", async () => {
  await using server = await sentryServer();
  const { client, tracer } = bridged(server);
  const outer = tracer.startSpan("outer", { kind: SpanKind.SERVER });
  const call = tracer.startSpan("call", { kind: SpanKind.CLIENT });
  const error = new Error("recorded");
  call.recordException(new Error("of a call that was handled"));
  outer.recordException(error);
  outer.recordException(error);
  for (const span of [call, outer]) span.setStatus({ code: SpanStatusCode.ERROR }).end();
  await client.flush(5_000);
  expect(server.events()).toMatchObject([
    {
      contexts: { trace: { span_id: outer.spanContext().spanId } },
      exception: { values: [{ value: "recorded" }] },
    },
  ]);
});

test("an exception that a span records and handles is no event", async () => {
  await using server = await sentryServer();
  const { client, tracer } = bridged(server);
  const span = tracer.startSpan("retried", { kind: SpanKind.SERVER });
  span.recordException(new Error("first attempt"));
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setStatus({ code: SpanStatusCode.OK });
  span.end();
  tracer.startSpan("never ends").recordException(new Error("open"));
  const unset = tracer.startSpan("unset");
  unset.recordException(new Error("handled"));
  unset.end();
  await client.flush(5_000);
  expect(server.requests()).toBe(0);
});

test("the tags of an event are what its span has at its end, and its time is that of the exception", async () => {
  await using server = await sentryServer();
  const { client, tracer } = bridged(server);
  const span = tracer.startSpan("pay");
  span.recordException(new Error("declined"), [1_763_720_130, 123_456_789]);
  span.setAttributes({ "finance.outcome": "failure", "finance.failure.code": "51" });
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await client.flush(5_000);
  expect(server.events()).toMatchObject([
    {
      timestamp: 1_763_720_130.123,
      tags: { "finance.outcome": "failure", "finance.failure.code": "51" },
    },
  ]);
});

test("an error that changes after it was recorded keeps the id that its span event gives it", async () => {
  await using server = await sentryServer();
  const { client, tracer } = bridged(server);
  const span = tracer.startSpan("pay");
  const error = new Error("declined");
  const { name: type, message, stack = "" } = error;
  span.recordException(error);
  error.message = "payment 1: declined";
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await client.flush(5_000);
  const { traceId } = span.spanContext();
  const eventId = errorEventId({ traceId, type, message, stack });
  expect(server.events().map(({ event_id }) => event_id)).toEqual([eventId]);
});

test("an error that ends the process while its span is open is one event, also when the span ends", async () => {
  await using server = await sentryServer();
  const { client, tracer } = bridged(server);
  const span = tracer.startSpan("pay");
  const error = new Error("fatal");
  span.recordException(error);
  client.capture(error, { handled: false, mechanism: "uncaughtException", level: "fatal" });
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  await client.flush(5_000);
  expect(server.events()).toMatchObject([{ level: "fatal" }]);
});
