import { INSTRUMENTS } from "@assay/semconv/instruments";
import { NEVER_LABEL_FAMILIES, NEVER_LABEL_NAMES, NEVER_LABELS } from "@assay/semconv/labels";

/** Tells whether an attribute may become a label. */
export type IsLabel = (attribute: string) => boolean;

const never = new Set(NEVER_LABELS);
const families = NEVER_LABEL_FAMILIES.map((family) => `${family}.`);
const names = new Set([
  ...NEVER_LABEL_NAMES,
  // `payment_id` is `finance.payment.id`, whoever writes it.
  ...NEVER_LABELS.filter((key) => key.startsWith("finance.")).map((key) =>
    plain(key).slice("finance.".length),
  ),
]);

// Names of labels come from code, so the same few come again and again; those from data must not fill the memory.
const MOST_KNOWN = 4_096;
const known = new Map<string, boolean>();
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
 * but none that the registry calls unbounded, none of a class that is neither public nor internal, and none of a name
 * that applications give to such a thing.
 */
export function labelsOf(instrument: string): IsLabel {
  const allowed = own.get(instrument);
  return allowed === undefined ? isLabel : (attribute) => allowed.has(attribute);
}

/** Tells whether an attribute may become a label of an instrument that the registry does not know. */
export function isLabel(attribute: string): boolean {
  const found = known.get(attribute);
  if (found !== undefined) return found;
  const may = !(
    never.has(attribute) ||
    families.some((family) => attribute.startsWith(family)) ||
    names.has(plain(attribute))
  );
  if (known.size < MOST_KNOWN) known.set(attribute, may);
  return may;
}

// customerId, customer_id and CUSTOMER-ID are customer.id.
function plain(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1.$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ".")
    .replaceAll(/^\.|\.$/g, "");
}
