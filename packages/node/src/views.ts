import { INSTRUMENTS } from "@assay/semconv/instruments";
import {
  type AggregationOption,
  AggregationType,
  createAllowListAttributesProcessor,
  createDenyListAttributesProcessor,
  type IAttributesProcessor,
  type InstrumentType,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import type { DeclaredView } from "./declared.ts";

/**
 * Makes a view of each instrument in the registry: its bucket boundaries, its labels and no others, its series at most.
 *
 * A tenant, a customer or a payment that is given as a label is dropped here, before it becomes a series. Of metrics
 * that other libraries record, only the boundaries are set. A view that a configuration file has of an instrument in the
 * registry is put on top of ours, and can take labels and series away from it but add none; two views of one instrument
 * would make two metrics of it.
 */
export function createViews(declared: readonly DeclaredView[] = []): ViewOptions[] {
  const own = INSTRUMENTS.map((instrument) => {
    const view = viewOf(instrument);
    const given = declared.find(({ instrumentName }) => instrumentName === instrument.name);
    return given === undefined ? view : merged(view, declaredView(given));
  });
  const names = new Set(INSTRUMENTS.map(({ name }) => name));
  const others = declared.filter(({ instrumentName = "" }) => !names.has(instrumentName));
  return [...own, ...others.map((view) => declaredView(view))];
}

function merged(own: ViewOptions, given: ViewOptions): ViewOptions {
  const limits = [own.aggregationCardinalityLimit, given.aggregationCardinalityLimit].filter(
    (limit) => limit !== undefined,
  );
  return {
    ...own,
    ...given,
    attributesProcessors: [
      ...(own.attributesProcessors ?? []),
      ...(given.attributesProcessors ?? []),
    ],
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

function viewOf({
  name,
  buckets,
  attributes,
  maxSeries,
  refines,
}: (typeof INSTRUMENTS)[number]): ViewOptions {
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
    ...(refines === true
      ? {}
      : { attributesProcessors: [createAllowListAttributesProcessor([...attributes])] }),
    ...(maxSeries === undefined ? {} : { aggregationCardinalityLimit: maxSeries }),
  };
}
