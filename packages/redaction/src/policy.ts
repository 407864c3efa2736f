import type { DataClass } from "./finding.ts";
import { KEY_POLICY, type KeyGroup } from "./generated/key-policy.ts";
import { kindOf, KINDS } from "./keys.ts";

/** What the registry says of the attribute of this name; `undefined` for one that it does not know. */
export function policyOf(key: string): KeyGroup | undefined {
  const exact = EXACT.get(key);
  if (exact !== undefined) return exact;
  return FAMILIES.find(([prefix]) => key.startsWith(prefix))?.[1];
}

/** What stands in place of a value that the registry has masked or, without a key for pseudonyms, hashed. */
export function markerOf(key: string, group: KeyGroup): string {
  const kind = kindOf(key);
  if (kind !== undefined && kind !== "trace" && KINDS[kind].class === group.class) {
    return KINDS[kind].marker;
  }
  if (group.class === "pii") return "[id]";
  return group.class === "pci_chd" ? "[card]" : "[removed]";
}

/** The class under which a finding of the registry's is counted. */
export function countedAs({ class: found }: KeyGroup): DataClass {
  return found === "public" || found === "internal" ? "confidential" : found;
}

const EXACT: ReadonlyMap<string, KeyGroup> = new Map(
  KEY_POLICY.flatMap((group) => group.keys.map((key) => [key, group] as const)),
);
const FAMILIES: readonly (readonly [prefix: string, group: KeyGroup])[] = KEY_POLICY.flatMap(
  (group) => group.families.map((family) => [`${family}.`, group] as const),
);
