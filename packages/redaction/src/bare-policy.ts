import { KEY_POLICY } from "./generated/key-policy.ts";

// Without the engine only what the registry has declared harmless may leave.
const groups = KEY_POLICY.filter(
  ({ class: found, action }) =>
    (found === "public" || found === "internal") &&
    (action === "keep" || action === "scan" || action === "numeric_id"),
);
const keys = new Set(groups.flatMap((group) => group.keys));
const families = groups.flatMap((group) => group.families.map((family) => `${family}.`));

/** Whether the registry says that what stands under this key is public or internal. */
export function isHarmless(key: string): boolean {
  return keys.has(key) || families.some((family) => key.startsWith(family));
}
