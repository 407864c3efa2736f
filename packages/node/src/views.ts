import {
  AggregationType,
  createAllowListAttributesProcessor,
  type ViewOptions,
} from "@opentelemetry/sdk-metrics";
import { INSTRUMENTS } from "@assay/semconv/instruments";

/**
 * Makes a view of each instrument in the registry: its bucket boundaries, its labels and no others, its series at most.
 *
 * A tenant, a customer or a payment that is given as a label is dropped here, before it becomes a series. Of metrics
 * that other libraries record, only the boundaries are set.
 */
export function createViews(): ViewOptions[] {
  return INSTRUMENTS.map(viewOf);
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
