import {
  type Attributes,
  type Histogram,
  metrics,
  type MetricOptions,
  SpanStatusCode,
  trace,
  type Tracer,
  ValueType,
} from "@opentelemetry/api";
import {
  ATTR_ERROR_TYPE,
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
  METRIC_HTTP_SERVER_REQUEST_DURATION,
} from "@opentelemetry/semantic-conventions";
import type { Exchange } from "./exchange.ts";
import { lazy } from "./lazy.ts";

const SCOPE = "@assay/node";
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** Makes the spans of requests. */
export const tracer: () => Tracer = lazy(() => trace.getTracer(SCOPE));

/** Durations of requests that are served. */
export const served: () => Histogram = lazy(() =>
  histogram(METRIC_HTTP_SERVER_REQUEST_DURATION, "Duration of HTTP server requests."),
);

/** Durations of requests that are made, by `http` and by `fetch`. */
export const made: () => Histogram = lazy(() =>
  histogram(METRIC_HTTP_CLIENT_REQUEST_DURATION, "Duration of HTTP client requests."),
);

function histogram(name: string, description: string): Histogram {
  const options: MetricOptions = {
    description,
    unit: "s",
    valueType: ValueType.DOUBLE,
    advice: { explicitBucketBoundaries: SECONDS },
  };
  return metrics.getMeter(SCOPE).createHistogram(name, options);
}

/** Ends the span of an exchange, once, and records how long it took. */
export function endExchange(exchange: Exchange, durations: Histogram): void {
  if (exchange.isEnded) return;
  exchange.isEnded = true;
  exchange.span.end();
  const seconds = (performance.now() - exchange.startedMs) / 1_000;
  durations.record(seconds, exchange.labels, exchange.listenersContext);
}

/** Ends an exchange that an error ended. */
export function failExchange(exchange: Exchange, error: unknown, durations: Histogram): void {
  if (exchange.isEnded) return;
  const { name, message } =
    error instanceof Error ? error : { name: "Error", message: String(error) };
  const type: Attributes = { [ATTR_ERROR_TYPE]: name };
  exchange.span.setAttributes(type);
  exchange.span.setStatus({ code: SpanStatusCode.ERROR, message });
  exchange.span.recordException(error instanceof Error ? error : message);
  Object.assign(exchange.labels, type);
  endExchange(exchange, durations);
}

/** What the conventions call an error by its status: its code as text, from `from` on. */
export function errorTypeOf(status: number, from: number): string | undefined {
  return status >= from && status < 600 ? String(status) : undefined;
}
