import type { Registry } from "./registry.mts";

/** A key as a constant is called: `finance.payment.id` is FINANCE_PAYMENT_ID. */
export function constantName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

/** The namespace whose prefix is the longest one that the name starts with. */
export function namespaceOf(
  name: string,
  namespaces: Registry["namespaces"],
): Registry["namespaces"][number] | undefined {
  const matches = namespaces.flatMap((namespace) =>
    namespace.prefixes
      .filter((prefix) => name === prefix || name.startsWith(`${prefix}.`))
      .map((prefix) => ({ namespace, length: prefix.length })),
  );
  return matches.toSorted((a, b) => b.length - a.length)[0]?.namespace;
}
