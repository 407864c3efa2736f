import { diag, type DiagLogger, DiagLogLevel } from "@opentelemetry/api";
import { LoggerProvider } from "@opentelemetry/sdk-logs";
import { type SpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { shield, shieldLogProcessors, shieldSpanProcessors } from "../src/shield.ts";

const fault = (): never => {
  throw new Error("fault");
};

test("a span processor that throws reaches neither the application nor the next processor", () => {
  const seen: string[] = [];
  let lost = 0;
  const settled = async (): Promise<void> => {};
  const idle = { forceFlush: settled, shutdown: settled };
  const sound: SpanProcessor = {
    onStart: (span) => void seen.push(`start ${span.name}`),
    onEnd: ({ name }) => void seen.push(`end ${name}`),
    ...idle,
  };
  const faulty: SpanProcessor = { onStart: fault, onEnd: fault, ...idle };
  const processor = shieldSpanProcessors([faulty, sound], () => (lost += 1));
  const tracer = new TracerProvider({ spanProcessors: [processor] }).getTracer("test");
  tracer.startSpan("paid").end();
  expect([seen, lost]).toEqual([["start paid", "end paid"], 2]);
});

test("a log record processor that throws does neither", () => {
  const seen: unknown[] = [];
  let lost = 0;
  const settled = async (): Promise<void> => {};
  const idle = { forceFlush: settled, shutdown: settled };
  const processor = shieldLogProcessors(
    [
      { onEmit: fault, ...idle },
      { onEmit: ({ body }) => void seen.push(body), ...idle },
    ],
    () => (lost += 1),
  );
  new LoggerProvider({ processors: [processor] }).getLogger("test").emit({ body: "paid" });
  expect([seen, lost]).toEqual([["paid"], 1]);
});

test("a fault is told once for each place, however often it comes", () => {
  const told: unknown[] = [];
  const silent = (): void => {};
  const logger: DiagLogger = {
    error: (...parts) => told.push(parts[0]),
    warn: silent,
    info: silent,
    debug: silent,
    verbose: silent,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.ERROR, suppressOverrideMessage: true });
  const shielded = shield<[number], number>("a part", fault, (given) => given + 1);
  expect([1, 2, 3].map((given) => shielded(given))).toEqual([2, 3, 4]);
  expect(told).toEqual(["a part failed, the application goes on"]);
  diag.disable();
});
