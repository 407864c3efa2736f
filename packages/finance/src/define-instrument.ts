import {
  ATTR_FINANCE_CURRENCY_CODE,
  type FinanceAttributes,
  type Instrument,
  INSTRUMENTS,
  type MetricAttributes,
} from "@assay/semconv";
import { isLabel } from "@assay/semconv/label";
import { isUcum } from "@assay/semconv/ucum";

/** Labels with every value that each may have. */
export type ClosedLabels = Readonly<Record<string, readonly string[]>>;

/** An instrument of the application. */
export interface OwnInstrument<
  Kind extends "counter" | "histogram" | "gauge" = "counter" | "histogram" | "gauge",
  Unit extends string = string,
  Labels extends ClosedLabels = ClosedLabels,
> extends Instrument {
  readonly kind: Kind;
  readonly unit: Unit;
  readonly values: Labels;
}

type RegistryLabel = {
  [Name in keyof MetricAttributes]: keyof MetricAttributes[Name];
}[keyof MetricAttributes];

// Of the registry's attributes only those that are a label somewhere, with no other values than the registry's.
type Checked<Labels> = {
  readonly [Key in keyof Labels]: Key extends RegistryLabel
    ? readonly (FinanceAttributes[Key] & string)[]
    : Key extends keyof FinanceAttributes
      ? never
      : readonly string[];
};

export interface InstrumentDefinition<Kind, Unit, Labels> {
  /** Under a word of the application's own: "shop.subscription.renewals". */
  name: string;
  kind: Kind;
  /** UCUM: "s", "By", "{renewal}"; "{minor_unit}" for money, which is recorded as Money. */
  unit: Unit;
  description: string;
  /** Each label with all its values; every measurement has each of them. */
  labels?: Labels & Checked<Labels>;
  /** Bucket boundaries of a histogram, in its unit. */
  buckets?: readonly number[];
}

/** As the SDK and the egress gate have it. */
const MOST_SERIES = 2_000;
const NAME = /^[a-z][a-z0-9]*(?:[._][a-z0-9]+)*$/;
const UNIT_WORD =
  /[._](?:seconds?|milliseconds?|ms|minutes?|hours?|days?|bytes?|percent|ratio|count|sum|bucket)$/;
const MONEY = "{minor_unit}";

/**
 * Declares an instrument of the application, with its labels and all their values, for `financeMeter`.
 *
 * Throws a TypeError of one sentence for what would harm whoever pays for the metrics, or the customer: a name that
 * Prometheus would spell twice, a label that identifies someone, more than 2,000 series.
 *
 * @example
 * const RENEWALS = defineInstrument({
 *   name: "shop.subscription.renewals", kind: "counter", unit: "{renewal}", description: "Subscriptions renewed.",
 *   labels: { plan: ["basic", "gold"] },
 * });
 */
export function defineInstrument<
  const Kind extends "counter" | "histogram" | "gauge",
  const Unit extends string,
  const Labels extends ClosedLabels = {},
>(definition: InstrumentDefinition<Kind, Unit, Labels>): OwnInstrument<Kind, Unit, Labels> {
  const { name, kind, unit, description, labels = {} as Labels, buckets } = definition;
  const problem = nameProblem(name) ?? shapeProblem(definition) ?? labelsProblem(unit, labels);
  if (problem !== undefined) throw new TypeError(`the instrument ${name} ${problem}`);
  const attributes = Object.keys(labels);
  return {
    name,
    kind,
    unit,
    description,
    valueType: unit === MONEY ? "int" : "double",
    attributes,
    required: attributes,
    optIn: [],
    values: labels,
    ...(buckets !== undefined && { buckets }),
  };
}

function nameProblem(name: string): string | undefined {
  if (!NAME.test(name) || !name.includes(".")) {
    return `is no name; write small letters and digits, parts joined by "." or "_", as shop.subscription.renewals`;
  }
  if (/^(?:finance|assay|mpesa)\./.test(name) || INSTRUMENTS.some((each) => each.name === name)) {
    return "has a name of the registry's; begin it with a word of your own, as shop.subscription.renewals";
  }
  if (/[._]total$/.test(name)) return "ends in total, which Prometheus adds itself; leave it out";
  if (UNIT_WORD.test(name)) {
    return "ends in a word that Prometheus adds itself; leave it out, and say it by the unit";
  }
  if (/\d{4}/.test(name)) return "has a number in its name; put ids on the span";
  return undefined;
}

function shapeProblem({
  kind,
  unit,
  description,
  buckets = [],
}: Pick<Instrument, "kind" | "unit" | "description" | "buckets">): string | undefined {
  if (!isUcum(unit)) return `has the unit ${unit}, which is not UCUM; write s, By or {renewal}`;
  if (description === "") return "has no description; say what it counts in a sentence";
  if (buckets.length > 0 && kind !== "histogram") return `has buckets and is a ${kind}`;
  if (buckets.length === 0 && kind === "histogram") return `has no buckets; list them, in ${unit}`;
  if (buckets.some((bucket, at) => bucket <= (buckets[at - 1] ?? Number.NEGATIVE_INFINITY))) {
    return "has buckets that do not ascend";
  }
  return undefined;
}

function labelsProblem(unit: string, labels: ClosedLabels): string | undefined {
  const entries = Object.entries(labels);
  for (const [label, values] of entries) {
    if (!isLabel(label)) {
      return `has the label ${label}, which tells of one person or thing; put it on the span`;
    }
    if (values.length === 0) return `has the label ${label} without a value; list all of them`;
    if (new Set(values).size < values.length) return `has a value of ${label} twice`;
  }
  if (unit === MONEY && !Object.hasOwn(labels, ATTR_FINANCE_CURRENCY_CODE)) {
    return `is money and has no label ${ATTR_FINANCE_CURRENCY_CODE}; list the currencies, as ["KES"]`;
  }
  const series = entries.reduce((product, [, values]) => product * values.length, 1);
  if (series > MOST_SERIES) {
    return `would have ${series} series and may have ${MOST_SERIES}; leave a label out`;
  }
  return undefined;
}
