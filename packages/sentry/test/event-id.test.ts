import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { describe as describeError } from "../src/event-id.ts";

test.each([
  { code: 0 },
  { code: "" },
  { code: "ECONNREFUSED" },
  { code: 14 },
  { name: "Declined" },
])("%j is described as the SDK describes it on a span event", (fields) => {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const error = Object.assign(new Error("failed"), fields);
  const span = provider.getTracer("t").startSpan("s");
  span.recordException(error);
  span.end();
  const { type, message, stack } = describeError(error);
  expect(exporter.getFinishedSpans()[0]?.events[0]?.attributes).toEqual({
    "exception.type": type,
    "exception.message": message,
    "exception.stacktrace": stack,
  });
});
