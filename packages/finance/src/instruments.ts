import {
  type Counter,
  createNoopMeter,
  type Histogram,
  type Meter,
  metrics,
  type ObservableGauge,
} from "@opentelemetry/api";
import type { Instrument } from "@assay/semconv";

/** The instrumentation scope of all that this package records. */
export const SCOPE = "@assay/finance";

/** True when a measurement would go nowhere: no SDK is registered. */
export function isMeterNoop(): boolean {
  return metrics.getMeter(SCOPE) === createNoopMeter();
}

/** Makes something of instruments once for each meter, since an application may register its SDK after it loads this. */
export function perMeter<T>(make: () => T): () => T {
  const made = new WeakMap<Meter, T>();
  return () => {
    const meter = metrics.getMeter(SCOPE);
    const known = made.get(meter) ?? make();
    made.set(meter, known);
    return known;
  };
}

/** Makes a counter as the registry describes it. */
export function createCounter({ name, unit, description }: Instrument): Counter {
  return metrics.getMeter(SCOPE).createCounter(name, { unit, description });
}

/** Makes a histogram with the registry's buckets. */
export function createHistogram({ name, unit, description, buckets = [] }: Instrument): Histogram {
  const advice = { explicitBucketBoundaries: [...buckets] };
  return metrics.getMeter(SCOPE).createHistogram(name, { unit, description, advice });
}

/** Makes a gauge that is asked for its value. */
export function createObservableGauge({ name, unit, description }: Instrument): ObservableGauge {
  return metrics.getMeter(SCOPE).createObservableGauge(name, { unit, description });
}
