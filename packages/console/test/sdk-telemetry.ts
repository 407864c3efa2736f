import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, ValueType } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type ResourceMetrics,
} from "@opentelemetry/sdk-metrics";
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from "@opentelemetry/sdk-trace";
import {
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  ATTR_FINANCE_PAYMENT_ID,
  METRIC_FINANCE_PAYMENT_DURATION,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
} from "@assay/semconv";

/** Two traces of a payment, made by the real SDK: an initiation that fails, and a linked callback. */
export function sdkSpans(): ReadableSpan[] {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  const tracer = provider.getTracer("console-test");
  const attributes = {
    [ATTR_FINANCE_PAYMENT_ID]: "pay_sdk",
    [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: 9_007_199_254_740_991,
    "test.list": ["a", "b"],
    "test.double": 1.5,
    "test.negative": -3,
    "test.flag": true,
  };
  const root = tracer.startSpan("POST /payments", { kind: SpanKind.SERVER, root: true });
  const context = trace.setSpan(ROOT_CONTEXT, root);
  const child = tracer.startSpan("initiate collection", { attributes }, context);
  child.recordException(new TypeError("no such phone"));
  child.setStatus({ code: SpanStatusCode.ERROR, message: "no such phone" });
  child.end();
  root.end();
  const links = [{ context: child.spanContext() }];
  tracer.startSpan("settle collection", { root: true, attributes, links }).end();
  return exporter.getFinishedSpans();
}

/** A counter and a histogram, collected by the real SDK. */
export async function sdkMetrics(): Promise<ResourceMetrics> {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const provider = new MeterProvider({ readers: [reader] });
  const meter = provider.getMeter("console-test");
  meter
    .createCounter(METRIC_FINANCE_PAYMENT_TRANSACTIONS, { valueType: ValueType.INT })
    .add(3, { [ATTR_FINANCE_OUTCOME]: "completed" });
  meter
    .createHistogram(METRIC_FINANCE_PAYMENT_DURATION, {
      unit: "s",
      advice: { explicitBucketBoundaries: [1, 5] },
    })
    .record(2, { [ATTR_FINANCE_OUTCOME]: "completed" });
  await reader.forceFlush();
  const [collected] = exporter.getMetrics();
  await provider.shutdown();
  return collected!;
}
