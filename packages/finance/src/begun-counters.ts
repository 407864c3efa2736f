import type { Attributes, Counter } from "@opentelemetry/api";
import type { Instrument } from "@assay/semconv";
import { createCounter, isMeterNoop, perMeter, SCOPE } from "./instruments.ts";

interface Declared {
  instrument: Instrument;
  /** The labels of all its series. */
  series: () => readonly Attributes[];
  scope: string;
}

const declared: Declared[] = [];

// All of them with the first that is used: a counter that first appears at 1 has no increase that `increase()` could
// see, and the first failure is the one that is waited for.
const begun = perMeter(() => new Map(declared.map((each) => [each, begin(each)])));

/**
 * Declares a counter of this package with all the series that it may have, and gives what gives it.
 *
 * They are begun at zero by the first counter that is used, and soon after this package was loaded when a meter
 * provider is registered by then. Never throws into who loads this package.
 */
export function declareCounter(
  instrument: Instrument,
  series: () => readonly Attributes[],
  scope: string = SCOPE,
): () => Counter {
  const own: Declared = { instrument, series, scope };
  if (declared.length === 0) beginLater();
  declared.push(own);
  return () => {
    const all = begun();
    const found = all.get(own) ?? begin(own); // declared after the others were begun
    all.set(own, found);
    return found;
  };
}

/** Every combination of the values of labels. */
export function combinations(
  labels: Readonly<Record<string, readonly (string | number | boolean)[]>>,
): Attributes[] {
  let all: Attributes[] = [{}];
  for (const [label, values] of Object.entries(labels)) {
    all = all.flatMap((each) => values.map((value) => ({ ...each, [label]: value })));
  }
  return all;
}

function begin({ instrument, series, scope }: Declared): Counter {
  const counter = createCounter(instrument, scope);
  for (const labels of series()) counter.add(0, labels);
  return counter;
}

// Not while the application loads its modules; a process that ends before has nothing to show.
function beginLater(): void {
  setImmediate(() => {
    if (!isMeterNoop()) begun();
  }).unref();
}
