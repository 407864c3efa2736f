import { INSTRUMENTS } from "@assay/semconv/instruments";
import { isLabel } from "@assay/semconv/label";

/** Tells whether an attribute may become a label. */
export type IsLabel = (attribute: string) => boolean;

const own = new Map(
  // What another library records has labels that the registry does not list.
  INSTRUMENTS.filter(({ refines }) => refines !== true).map(({ name, attributes }) => [
    name,
    new Set(attributes),
  ]),
);

/**
 * Gives what decides of the labels of an instrument.
 *
 * An instrument of the registry has the labels that the registry gives it. Any other has those that it is recorded with,
 * but none that is unbounded or a secret by its name.
 */
export function labelsOf(instrument: string): IsLabel {
  const allowed = own.get(instrument);
  return allowed === undefined ? isLabel : (attribute) => allowed.has(attribute);
}
