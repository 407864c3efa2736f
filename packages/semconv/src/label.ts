import { NEVER_LABEL_FAMILIES, NEVER_LABEL_NAMES, NEVER_LABELS } from "./generated/labels.ts";

interface Never {
  keys: ReadonlySet<string>;
  families: readonly string[];
  names: ReadonlySet<string>;
}

let never: Never | undefined;
// Names of labels come from code, so the same few come again and again; those from data must not fill the memory.
const MOST_KNOWN = 4_096;
const known = new Map<string, boolean>();

/**
 * Tells whether an attribute may become a label of an instrument that the registry does not know: none that the registry
 * calls unbounded, none of a class that is neither public nor internal, and none of a name that applications give to
 * such a thing, as `customerId`.
 */
export function isLabel(attribute: string): boolean {
  const found = known.get(attribute);
  if (found !== undefined) return found;
  never ??= readNever();
  const { keys, families, names } = never;
  const may = !(
    keys.has(attribute) ||
    families.some((family) => attribute.startsWith(family)) ||
    names.has(plain(attribute))
  );
  if (known.size < MOST_KNOWN) known.set(attribute, may);
  return may;
}

function readNever(): Never {
  return {
    keys: new Set(NEVER_LABELS),
    families: NEVER_LABEL_FAMILIES.map((family) => `${family}.`),
    names: new Set([
      ...NEVER_LABEL_NAMES,
      // `payment_id` is `finance.payment.id`, whoever writes it.
      ...NEVER_LABELS.filter((key) => key.startsWith("finance.")).map((key) =>
        plain(key).slice("finance.".length),
      ),
    ]),
  };
}

// customerId, customer_id and CUSTOMER-ID are customer.id.
function plain(key: string): string {
  return key
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1.$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, ".")
    .replaceAll(/^\.|\.$/g, "");
}
