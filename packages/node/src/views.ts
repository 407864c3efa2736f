import { INSTRUMENTS } from "@assay/semconv/instruments";
import {
  type AggregationOption,
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  type IAttributesProcessor,
  type InstrumentType,
  type MeterProvider,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import type { DeclaredView } from "./declared.ts";
import type { LabelGuard } from "./label-guard.ts";

/**
 * Makes a view of each instrument in the registry, with its bucket boundaries and its series at most, those that a
 * configuration file has of others, and last the one of all that is left.
 *
 * A file's view of an instrument in the registry is put on top of ours, and can take labels and series away from it but
 * add none; two views of one instrument would make two metrics of it.
 */
export function createViews(declared: readonly DeclaredView[] = []): ViewOptions[] {
  const own = INSTRUMENTS.map((instrument) => {
    const view = viewOf(instrument);
    const given = declared.find(({ instrumentName }) => instrumentName === instrument.name);
    return given === undefined ? view : merged(view, declaredView(given));
  });
  const names = new Set(INSTRUMENTS.map(({ name }) => name));
  const others = declared.filter(({ instrumentName = "" }) => !names.has(instrumentName));
  return [...own, ...others.map((view) => declaredView(view)), { instrumentName: "*" }];
}

function merged(own: ViewOptions, given: ViewOptions): ViewOptions {
  const limits = [own.aggregationCardinalityLimit, given.aggregationCardinalityLimit].filter(
    (limit) => limit !== undefined,
  );
  return {
    ...own,
    ...given,
    ...(limits.length === 0 ? {} : { aggregationCardinalityLimit: Math.min(...limits) }),
  };
}

function declaredView(view: DeclaredView): ViewOptions {
  const { aggregation, cardinality, included, excluded, instrumentType, ...selector } = view;
  const processors: IAttributesProcessor[] = [];
  if (included !== undefined) processors.push(createAllowListAttributesProcessor(included));
  if (excluded !== undefined) processors.push(createDenyListAttributesProcessor(excluded));
  return {
    ...selector,
    ...(instrumentType === undefined ? {} : { instrumentType: instrumentType as InstrumentType }),
    ...(aggregation === undefined ? {} : { aggregation: aggregationOf(aggregation) }),
    ...(cardinality === undefined ? {} : { aggregationCardinalityLimit: cardinality }),
    ...(processors.length === 0 ? {} : { attributesProcessors: processors }),
  };
}

function aggregationOf({
  kind,
  boundaries,
  recordMinMax = true,
  maxSize,
}: NonNullable<DeclaredView["aggregation"]>): AggregationOption {
  switch (kind) {
    case "drop":
      return { type: AggregationType.DROP };
    case "sum":
      return { type: AggregationType.SUM };
    case "last_value":
      return { type: AggregationType.LAST_VALUE };
    case "explicit_bucket_histogram":
      return {
        type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM,
        ...(boundaries === undefined ? {} : { options: { recordMinMax, boundaries } }),
      };
    case "base2_exponential_bucket_histogram":
      return {
        type: AggregationType.EXPONENTIAL_HISTOGRAM,
        options: { recordMinMax, ...(maxSize === undefined ? {} : { maxSize }) },
      };
    default:
      return { type: AggregationType.DEFAULT };
  }
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
  attributesProcessor: IAttributesProcessor;
  aggregation: object;
  aggregationCardinalityLimit: number | undefined;
}

interface Collector {
  selectCardinalityLimit(type: string): number | undefined;
}

interface ViewRegistry {
  findViews(instrument: { name: string; type: string }, meter: unknown): View[];
}

const REGISTERED = new Set(INSTRUMENTS.map(({ name }) => name));

/**
 * Gives each instrument the views that are for it, with the guard's labels: one of the registry its own, another one
 * those of a configuration file, and the last one when there is no other.
 *
 * The SDK makes a stream for every view that matches, and has no view of "all others"; nor does a view know which of
 * its instruments a measurement is of. What an observable instrument reports keeps its labels until it is collected:
 * the SDK would let one of two points that become the same win, where the gate adds them up.
 */
export function guardInstruments(provider: MeterProvider, guard: LabelGuard): void {
  const shared = Reflect.get(provider, "_sharedState") as {
    viewRegistry: ViewRegistry;
    selectAggregations(type: string): [Collector, object][];
  };
  const { viewRegistry } = shared;
  const find = viewRegistry.findViews.bind(viewRegistry);
  viewRegistry.findViews = (instrument, meter) => {
    const found = find(instrument, meter);
    if (found.length === 1 && !REGISTERED.has(instrument.name)) {
      found[0] = asRead(found[0]!, shared.selectAggregations(instrument.type), instrument.type);
    }
    const most = REGISTERED.has(instrument.name) ? 1 : Math.max(1, found.length - 1);
    if (instrument.type.startsWith("OBSERVABLE_")) return found.slice(0, most);
    const first = guard.processorOf(instrument.name);
    return found.slice(0, most).map((view) => {
      const value = after(first, view.attributesProcessor);
      return Object.create(view, { attributesProcessor: { value } }) as View;
    });
  };
}

// A view takes the place of what a reader would choose for its kind of instrument.
function asRead(view: View, chosen: readonly [Collector, object][], type: string): View {
  const [first, ...others] = chosen.map(([, aggregation]) => aggregation);
  const limits = chosen
    .map(([collector]) => collector.selectCardinalityLimit(type))
    .filter((limit) => limit !== undefined);
  // One stream is for all readers, and they may want different things.
  const isAgreed = first !== undefined && others.every((other) => isSameKind(other, first));
  return Object.create(view, {
    ...(isAgreed ? { aggregation: { value: first } } : {}),
    ...(limits.length > 0 ? { aggregationCardinalityLimit: { value: Math.min(...limits) } } : {}),
  }) as View;
}

function isSameKind(one: object, other: object): boolean {
  return Object.getPrototypeOf(one) === Object.getPrototypeOf(other);
}

function after(first: IAttributesProcessor, next: IAttributesProcessor): IAttributesProcessor {
  return {
    process: (incoming, context) => next.process(first.process(incoming, context), context),
  };
}
