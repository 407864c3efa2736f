import { AggregationTemporality, InstrumentType } from "@opentelemetry/sdk-metrics";
import type { DeclaredReader } from "./declared.ts";

/**
 * Says whether an instrument is exported as totals or as what changed, by a preference of OpenTelemetry's specification,
 * "Metrics exporters: OTLP": what goes up and down is a total in either.
 *
 * A gauge is neither on the wire. The SDK makes of "cumulative" that a value which is observed no more, such as that of
 * payments that wait no longer, is exported for ever.
 */
export function temporalityOf(
  preference: NonNullable<DeclaredReader["temporality"]>,
  type: InstrumentType,
): AggregationTemporality {
  if (type === InstrumentType.OBSERVABLE_GAUGE) return AggregationTemporality.DELTA;
  const synchronous = type === InstrumentType.COUNTER || type === InstrumentType.HISTOGRAM;
  const isDelta =
    preference === "delta"
      ? synchronous || type === InstrumentType.OBSERVABLE_COUNTER
      : preference === "low_memory" && synchronous;
  return isDelta ? AggregationTemporality.DELTA : AggregationTemporality.CUMULATIVE;
}
