import { type Attributes, diag } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CURRENCY_CODE,
  type Instrument,
  type MetricAttributes,
  type Money,
  minorUnits,
} from "@assay/semconv";
import { combinations, declareCounter } from "./begun-counters.ts";
import { keepDeclared, type Undeclared } from "./declared-labels.ts";
import type { ClosedLabels, OwnInstrument } from "./define-instrument.ts";
import { createGauge, createHistogram, perMeter } from "./instruments.ts";

/** The labels of an instrument: the application's own as it declared them, or the registry's. */
export type LabelsOf<Of extends Instrument> =
  Of extends OwnInstrument<"counter" | "histogram" | "gauge", string, infer Labels>
    ? { readonly [Key in keyof Labels]: Labels[Key][number] }
    : Of["name"] extends keyof MetricAttributes
      ? MetricAttributes[Of["name"]]
      : never;

// Money has its currency with it.
type Given<Of extends Instrument> = Of["unit"] extends "{minor_unit}"
  ? Omit<LabelsOf<Of>, typeof ATTR_FINANCE_CURRENCY_CODE>
  : LabelsOf<Of>;
type Measured<Of extends Instrument> = Of["unit"] extends "{minor_unit}" ? Money : number;
// An object that is spread together is not checked for surplus keys by TypeScript itself.
type Only<Some, Shape> = Some & { readonly [Key in Exclude<keyof Some, keyof Shape>]: never };

/** Takes a measurement of an instrument: a number, or Money where the unit is a minor unit of money. */
export type Measure<Of extends Instrument> = <const Labels extends Given<Of>>(
  value: Measured<Of>,
  ...labels: {} extends Given<Of>
    ? [labels?: Only<Labels, Given<Of>>]
    : [labels: Only<Labels, Given<Of>>]
) => void;

export interface FinanceMeter {
  /** Counts; every declared series of the application's own counters begins at zero. */
  counter<const Of extends Instrument & { readonly kind: "counter" }>(
    instrument: Of,
  ): { readonly add: Measure<Of> };
  histogram<const Of extends Instrument & { readonly kind: "histogram" }>(
    instrument: Of,
  ): { readonly record: Measure<Of> };
  gauge<const Of extends Instrument & { readonly kind: "gauge" }>(
    instrument: Of,
  ): { readonly record: Measure<Of> };
}

export interface FinanceMeterOptions {
  /** Default: throw where NODE_ENV is development or test, else drop. */
  undeclared?: Undeclared;
}

/**
 * Makes instruments of the registry, or of `defineInstrument`, whose labels are checked: when they are compiled, and
 * again when they are recorded.
 *
 * A label that the instrument does not have throws where NODE_ENV is `development` or `test`; anywhere else it is left
 * out, counted in `assay.label.dropped` and told once, and a value that is not declared becomes `_other`. So nothing is
 * thrown in a process of which nobody said what it is.
 *
 * @example
 * const renewals = financeMeter("subscriptions").counter(RENEWALS);
 * renewals.add(1, { plan: "gold" });
 */
export function financeMeter(
  name: string,
  { undeclared = undeclaredBy(process.env["NODE_ENV"]) }: FinanceMeterOptions = {},
): FinanceMeter {
  const measure = <Of extends Instrument>(
    instrument: Of,
    record: (value: number, labels: Attributes) => void,
  ): Measure<Of> => {
    const keep = keepDeclared(instrument, undeclared);
    const isMoney = instrument.unit === "{minor_unit}";
    const unrecorded = `the instrument ${instrument.name} was given no value that it can have`;
    return (value: number | Money, labels: Attributes = {}) => {
      try {
        const found = isMoney ? readMoney(instrument, value, labels) : { value, labels };
        const kept = keep(found?.labels ?? labels);
        if (Number.isFinite(found?.value)) record(found!.value as number, kept);
        else diag.warn(unrecorded);
      } catch (error) {
        if (undeclared === "throw") throw error;
        diag.warn(unrecorded);
      }
    };
  };
  return {
    counter(instrument) {
      const counter = counterOf(name, instrument);
      counter();
      return { add: measure(instrument, (value, labels) => counter().add(value, labels)) };
    },
    histogram(instrument) {
      const histogram = perMeter(() => createHistogram(instrument, name));
      return { record: measure(instrument, (value, labels) => histogram().record(value, labels)) };
    },
    gauge(instrument) {
      const gauge = perMeter(() => createGauge(instrument, name));
      return { record: measure(instrument, (value, labels) => gauge().record(value, labels)) };
    },
  };
}

function undeclaredBy(environment: string | undefined): Undeclared {
  return environment === "development" || environment === "test" ? "throw" : "drop";
}

// A counter that is asked for again is the same, so that what is declared does not grow.
const counters = new Map<string, ReturnType<typeof declareCounter>>();

function counterOf(scope: string, instrument: Instrument): ReturnType<typeof declareCounter> {
  const key = `${scope} ${instrument.name}`;
  const known = counters.get(key);
  if (known !== undefined) return known;
  const series = (): Attributes[] =>
    "values" in instrument ? combinations(instrument.values as ClosedLabels) : [];
  const made = declareCounter(instrument, series, scope);
  counters.set(key, made);
  return made;
}

// Another currency than the declared ones would be added to what is none of its own.
function readMoney(
  instrument: Instrument,
  amount: unknown,
  labels: Attributes,
): { value: number; labels: Attributes } | undefined {
  try {
    const { currency } = amount as Money;
    const value = minorUnits(amount as Money);
    const known = "values" in instrument ? (instrument.values as ClosedLabels) : {};
    if (known[ATTR_FINANCE_CURRENCY_CODE]?.includes(currency) === false) return undefined;
    return { value, labels: { ...labels, [ATTR_FINANCE_CURRENCY_CODE]: currency } };
  } catch {
    return undefined; // told by the caller, without the amount
  }
}
