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

/**
 * Gives a function that makes something with the meter that is registered when it is called, once for each meter: an
 * application may register its SDK after it has loaded this.
 */
export function perMeter<Made extends object>(make: (meter: Meter) => Made): () => Made {
  const made = new WeakMap<Meter, Made>();
  return () => {
    const meter = metrics.getMeter(SCOPE);
    let known = made.get(meter);
    if (known === undefined) {
      known = make(meter);
      made.set(meter, known);
    }
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

/** Gives what `make` makes, once for each SDK: an application may register its own after it has loaded this. */
export function onceForEachSdk<T>(make: () => T): () => T {
  const made = new WeakMap<Meter, { value: T }>();
  return () => {
    const meter = metrics.getMeter(SCOPE);
    let known = made.get(meter);
    if (known === undefined) made.set(meter, (known = { value: make() }));
    return known.value;
  };
}
