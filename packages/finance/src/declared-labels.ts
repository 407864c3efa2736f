import { type Attributes, diag } from "@opentelemetry/api";
import { INSTRUMENT_ASSAY_LABEL_DROPPED, type Instrument } from "@assay/semconv";
import { declareCounter } from "./begun-counters.ts";
import type { OwnInstrument } from "./define-instrument.ts";
import { OTHER } from "./buckets.ts";

/** What becomes of a label that the instrument does not have: a TypeError, or it is left out and counted. */
export type Undeclared = "throw" | "drop";

// The egress gate of @assay/node counts there what it takes off; here is taken off what it would let pass.
const dropped = declareCounter(INSTRUMENT_ASSAY_LABEL_DROPPED, () => [{}], "@assay/node");
const MOST_TOLD = 100;
const told = new Set<string>();

/** Gives what keeps the labels of a measurement to those that its instrument declares, and their values too. */
export function keepDeclared(
  instrument: Instrument | OwnInstrument,
  undeclared: Undeclared,
): (labels: Attributes) => Attributes {
  const declared = new Set(instrument.attributes);
  const values =
    "values" in instrument
      ? new Map(Object.entries(instrument.values).map(([key, all]) => [key, new Set(all)]))
      : new Map<string, ReadonlySet<string>>();
  const { name } = instrument;
  const refuse = (what: string, instead: string): void => {
    const sentence = `the instrument ${name} ${what}`;
    if (undeclared === "throw") throw new TypeError(`${sentence}; ${instead}`);
    if (told.has(sentence) || told.size >= MOST_TOLD) return;
    told.add(sentence);
    dropped().add(1);
    diag.warn(`${sentence}; it is left out. In development this throws.`);
  };
  return (labels) => {
    const kept: Attributes = {};
    for (const [key, value] of Object.entries(labels)) {
      if (value === undefined) continue;
      if (!declared.has(key)) {
        refuse(`has no label ${key}`, "declare it, or put it on the span");
        continue;
      }
      const isKnown = values.get(key)?.has(value as string) ?? true;
      // Without the value, which may be anyone's.
      if (!isKnown) refuse(`has a value of ${key} that is not declared`, "declare all values");
      kept[key] = isKnown ? value : OTHER;
    }
    return kept;
  };
}
