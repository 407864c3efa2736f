import {
  AggregationType,
  type IAttributesProcessor,
  type MeterProvider,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { INSTRUMENTS } from "@assay/semconv/instruments";
import type { LabelGuard } from "./label-guard.ts";

/**
 * Makes a view of each instrument in the registry, with its bucket boundaries and its series at most, and last the one
 * of all other instruments.
 */
export function createViews(): ViewOptions[] {
  return [...INSTRUMENTS.map(viewOf), { instrumentName: "*" }];
}

function viewOf({ name, buckets, maxSeries }: (typeof INSTRUMENTS)[number]): ViewOptions {
  return {
    instrumentName: name,
    ...(buckets === undefined
      ? {}
      : {
          aggregation: {
            type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
            options: { boundaries: [...buckets] },
          },
        }),
    ...(maxSeries === undefined ? {} : { aggregationCardinalityLimit: maxSeries }),
  };
}

interface View {
  attributesProcessor: IAttributesProcessor | undefined;
}

interface ViewRegistry {
  findViews(instrument: { name: string; type: string }, meter: unknown): View[];
}

/**
 * Gives each instrument the first view that matches it, with the guard's labels.
 *
 * The SDK makes a stream for every view that matches, and has no view of "all others"; nor does a view know which of
 * its instruments a measurement is of. What an observable instrument reports keeps its labels until it is collected:
 * the SDK would let one of two points that become the same win, where the gate adds them up.
 */
export function guardInstruments(provider: MeterProvider, guard: LabelGuard): void {
  const { viewRegistry } = Reflect.get(provider, "_sharedState") as { viewRegistry: ViewRegistry };
  const find = viewRegistry.findViews.bind(viewRegistry);
  viewRegistry.findViews = (instrument, meter) =>
    find(instrument, meter)
      .slice(0, 1)
      .map((view) => {
        const isObservable = instrument.type.startsWith("OBSERVABLE_");
        const value = isObservable ? undefined : guard.processorOf(instrument.name);
        return Object.create(view, { attributesProcessor: { value } }) as View;
      });
}
