import {
  type Counter,
  createNoopMeter,
  type Gauge,
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
export function perMeter<Made>(make: (meter: Meter) => Made): () => Made {
  const made = new WeakMap<Meter, { value: Made }>();
  return () => {
    const meter = metrics.getMeter(SCOPE);
    let known = made.get(meter);
    if (known === undefined) made.set(meter, (known = { value: make(meter) }));
    return known.value;
  };
}

/** Makes a counter as the registry describes it. */
export function createCounter(
  { name, unit, description }: Instrument,
  scope: string = SCOPE,
): Counter {
  return metrics.getMeter(scope).createCounter(name, { unit, description });
}

/** Makes a histogram with the registry's buckets. */
export function createHistogram(
  { name, unit, description, buckets }: Instrument,
  scope: string = SCOPE,
): Histogram {
  const advice = buckets === undefined ? {} : { explicitBucketBoundaries: [...buckets] };
  return metrics.getMeter(scope).createHistogram(name, { unit, description, advice });
}

/** Makes a gauge that is told its value. */
export function createGauge({ name, unit, description }: Instrument, scope: string): Gauge {
  return metrics.getMeter(scope).createGauge(name, { unit, description });
}

/** Makes a gauge that is asked for its value. */
export function createObservableGauge({ name, unit, description }: Instrument): ObservableGauge {
  return metrics.getMeter(SCOPE).createObservableGauge(name, { unit, description });
}
