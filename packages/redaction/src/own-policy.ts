import type { Finding } from "./finding.ts";
import { PSEUDONYM } from "./pseudonym.ts";
import type { StandIn } from "./stand-in.ts";

/**
 * What the owner of a service knows of the value under one of its own keys.
 *
 * `public`: it is no secret and stays as it is. `numeric_id`: digits and dashes stay, which may add up to a card number
 * by chance. A list: these texts stay. `remove`, `mask` and `hash`: it must not leave, whatever it looks like; `hash`
 * writes a pseudonym where there are keys. What stays by none of these is looked at like any other value.
 */
export type KeyRule = "public" | "numeric_id" | "remove" | "mask" | "hash" | readonly string[];

/** Rules by attribute key. What the registry says of a key comes before them. */
export type Policy = Readonly<Record<string, KeyRule>>;

/** What a rule decides: the value that leaves. */
export interface Decision {
  value: unknown;
  finding?: Finding;
}

const RULES = ["public", "numeric_id", "remove", "mask", "hash"];
const REMOVED = "[removed]";
const IS_PSEUDONYM = new RegExp(`^${PSEUDONYM.source}$`);
const NUMERIC_ID = /^[\d-]{1,40}$/;

/**
 * Makes the judge of a policy; it gives `undefined` for a value that no rule decides.
 *
 * Throws one sentence for a rule that it does not know.
 */
export function createOwnPolicy(
  policy: Policy,
  stands: StandIn | undefined,
): (key: string, value: unknown) => Decision | undefined {
  const rules = new Map(Object.entries(policy));
  for (const [key, rule] of rules) {
    if (Array.isArray(rule) || RULES.includes(rule as string)) continue;
    throw new Error(
      `policy of ${JSON.stringify(key)} is ${JSON.stringify(rule)}; use ${RULES.join(", ")} or a list of texts`,
    );
  }
  return (key, value) => {
    const rule = rules.get(key);
    if (rule === undefined || value === null || value === undefined) return undefined;
    if (rule === "public") return { value };
    if (rule === "remove" || rule === "mask" || rule === "hash") return goneBy(rule, key, value);
    const isNumber = typeof value === "number" || typeof value === "bigint";
    const text = typeof value === "string" ? value : isNumber ? value.toString() : "";
    const isIt = rule === "numeric_id" ? NUMERIC_ID.test(text) : rule.includes(text);
    return isIt ? { value } : undefined;
  };

  function goneBy(rule: "remove" | "mask" | "hash", key: string, value: unknown): Decision {
    // What redaction wrote the first time.
    const isHashed = rule === "hash" && typeof value === "string" && IS_PSEUDONYM.test(value);
    if (isHashed || value === REMOVED) return { value };
    const token = rule === "hash" ? stands?.ofKey(key, value) : undefined;
    const action = rule === "remove" ? "removed" : token === undefined ? "masked" : "hashed";
    return {
      value: rule === "remove" ? undefined : (token ?? REMOVED),
      finding: { class: "confidential", action, detector: "policy" },
    };
  }
}
