import type { Attributes } from "@opentelemetry/api";
import type { DataPoint, IAttributesProcessor } from "@opentelemetry/sdk-metrics";
import { INSTRUMENTS } from "@assay/semconv/instruments";
import type { Say } from "./diagnostics.ts";
import { type IsLabel, labelsOf } from "./labels.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/** Keeps what is unbounded out of the labels of every instrument, and the number of its series within a limit. */
export interface LabelGuard {
  /** Takes labels off before they become a series: on the way of each measurement. */
  processorOf(instrument: string): IAttributesProcessor;
  /** Takes labels off what was collected, and sees how many series there are. */
  collected<Value>(instrument: string, points: readonly DataPoint<Value>[]): DataPoint<Value>[];
}

/** The SDK's own limit, which it keeps between two collections only. */
const MOST_SERIES = 2_000;
const OVERFLOW = "otel.metric.overflow";
// Names of labels may come from data too: these are told and counted, the rest are only left out.
const MOST_SENTENCES = 100;

/** Makes the guard; the first of each label and of each instrument that it stops is told to `say` and counted. */
export function createLabelGuard(self: SelfMetrics, say: Say): LabelGuard {
  const told = new Set<string>();
  const full = new Map<string, Set<string>>();
  const limits = new Map(INSTRUMENTS.map(({ name, maxSeries }) => [name, maxSeries]));

  const takeOff = (instrument: string, isLabel: IsLabel, given: Attributes): Attributes => {
    let kept: Attributes | undefined; // a copy, when there is something to take off
    for (const key of Object.keys(given)) {
      if (isLabel(key) || key === OVERFLOW) continue;
      kept ??= { ...given };
      delete kept[key];
      const offence = `${instrument} ${key}`;
      if (told.has(offence) || told.size >= MOST_SENTENCES) continue;
      told.add(offence);
      self.counted("label");
      say(
        `the instrument ${instrument} has the label ${key}, which may not be one or has no bound; it is left out. Put it on the span.`,
      );
    }
    return kept ?? given;
  };

  return {
    processorOf(instrument) {
      const isLabel = labelsOf(instrument);
      return {
        process(incoming) {
          try {
            const kept = takeOff(instrument, isLabel, incoming);
            const series = full.get(instrument);
            return series === undefined || series.has(seriesOf(kept)) ? kept : { [OVERFLOW]: true };
          } catch {
            // The measurement counts; a throw would reach the application that takes it.
            return {};
          }
        },
      };
    },
    collected(instrument, points) {
      const isLabel = labelsOf(instrument);
      const kept = points.map((point) => {
        const attributes = takeOff(instrument, isLabel, point.attributes);
        return attributes === point.attributes ? point : { ...point, attributes };
      });
      const limit = limits.get(instrument) ?? MOST_SERIES;
      // A configuration file may have set a lower one.
      const isFull = points.some(({ attributes }) => OVERFLOW in attributes);
      const isOver = isFull || points.length >= limit;
      if (isOver && !full.has(instrument)) {
        full.set(instrument, new Set(kept.map(({ attributes }) => seriesOf(attributes))));
        self.counted("overflow");
        say(
          `the instrument ${instrument} has reached its limit of ${isFull ? points.length : limit} series${offender(kept)}; what is new is one series, ${OVERFLOW}.`,
        );
      }
      return kept;
    },
  };
}

/** Gives the same text for the same labels in any order. */
export function seriesOf(attributes: Attributes): string {
  return JSON.stringify(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

// Names the label with the most values: most likely it should not be one.
function offender(points: readonly DataPoint<unknown>[]): string {
  const values = new Map<string, Set<unknown>>();
  for (const { attributes } of points) {
    for (const [key, value] of Object.entries(attributes)) {
      const seen = values.get(key) ?? new Set();
      values.set(key, seen.add(value));
    }
  }
  const [most] = [...values].toSorted(([, a], [, b]) => b.size - a.size);
  return most === undefined ? "" : `, most of them by its label ${most[0]}`;
}
