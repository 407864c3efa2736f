import { cardStrength, luhn } from "./iin.ts";
import { KINDS, type Kind } from "./keys.ts";
import { isOpaque } from "./opaque.ts";
import { isMasked, isMarker, type Span } from "./rule.ts";
import { panSpan } from "./pan.ts";

/** How a value stands beside its key: after `:` in prose a word is just the next word. */
export type Form = "quoted" | "assigned" | "prose";

// What stands where a secret would: nothing, a placeholder, or a word about it.
const ABSENT =
  /^(?:null|undefined|none|nil|nan|true|false|yes|no|on|off|empty|n\/a|unset|redacted|filtered|hidden|masked|removed|\[[a-z_ ]{1,20}\]|<[a-z_ -]{1,24}>|\(?redacted\)?|string|number|boolean|object|optional|required)$/i;
const PLACEHOLDER =
  /^(?:\$\d{1,3}|\?|%[sdvq]|:[a-z_]\w{0,40}|@p\d{1,3}|\$?\{\{?[^{}]{0,60}\}?\}|\{\}|process\.env\.\w{1,60}|env\(\w{1,60}\)|\$[A-Z][A-Z0-9_]{2,60})$/i;
const PROSE =
  /^(?:must|should|shall|cannot|can|could|may|might|will|would|is|was|are|were|be|been|has|have|had|does|did|do|not|too|the|a|an|for|from|to|of|in|at|by|with|and|or|but|it|this|that|required|requires|invalid|missing|incorrect|wrong|mismatch|mismatched|reset|changed|change|updated|expired|expires|rejected|accepted|verified|failed|failure|success|ok|error|field|validation|correct|valid|weak|strong|unknown|unchanged|match|matches|matched|blank|too_short|denied|approved|granted|declined|unauthorized|forbidden|rotated|revoked|found|set|given|provided|supplied|entered|enabled|disabled|pending|completed|policy|check|checked|length|minimum|at least|being|now|already|still|needed|wanted|used|using|as|on|only|ready|unavailable|shown|sent|stored|read|empty,?)[.,;:!?]?$/i;

function digitsOf(value: string): string {
  return value.replace(/\D/g, "");
}

/**
 * The redaction of a value that stands under a key of this kind; `undefined` when the value is not
 * one, for instance a placeholder, a word about it, or masked already.
 */
export function judge(
  kind: Exclude<Kind, "trace">,
  value: string,
  form: Form,
): Omit<Span, "start" | "end"> | undefined {
  const trimmed = value.trim();
  if (trimmed === "" || isMarker(trimmed) || isMasked(trimmed)) return undefined;
  if (ABSENT.test(trimmed) || PLACEHOLDER.test(trimmed)) return undefined;
  if (kind === "pan") {
    const digits = digitsOf(trimmed);
    if (digits.length < 12 || digits.length > 24 || /[A-Za-z]{3}/.test(trimmed)) return undefined;
    const plain = digits.length <= 19 && /^[\d\s.\-_/+]*$/.test(trimmed);
    if (plain && luhn(digits) && (cardStrength(digits) !== undefined || digits.length >= 14)) {
      return panSpan(0, 0, digits, "key-pan");
    }
  } else if (!isValue(kind, trimmed, form)) {
    return undefined;
  }
  return { ...KINDS[kind], detector: `key-${kind}` };
}

function isValue(kind: Exclude<Kind, "trace" | "pan">, value: string, form: Form): boolean {
  const digits = digitsOf(value).length;
  const word = form === "prose" && PROSE.test(value);
  switch (kind) {
    case "secret":
    case "phrase":
      return !word;
    case "token":
      if (word || /^(?:bearer|basic|jwt|access|refresh|id|code|mac)$/i.test(value)) return false;
      return form === "quoted" ? value.length >= 4 : isOpaque(value, 6) || value.length >= 20;
    case "maybe":
      return isOpaque(value, 16) && /\d/.test(value) && !/^[\d.:TZ+-]+$/.test(value);
    case "auth":
      return (
        /^(?:basic|bearer|digest|negotiate|ntlm|token|apikey|hawk|oauth|ssws|splunk|geniekey|aws4?|signature)\b[ \-:]/i.test(
          value,
        ) || isOpaque(value, 8)
      );
    case "cookie":
      return /=|%3d/i.test(value) || isOpaque(value, 8);
    case "cvv":
      return /^\D{0,3}\d{3,6}\D{0,3}$/.test(value) || (value.length >= 12 && isOpaque(value, 12));
    case "pin":
      return /^\d(?:[ -]?\d){3,11}(?: to \d{4,12})?$/.test(value) || isOpaque(value, 16);
    case "sad":
      return digits > 0 || isOpaque(value, 12);
    case "name":
      return /\p{L}{2}/u.test(value) && !word;
    case "email":
      return value.includes("@") || /%40/.test(value);
    case "phone":
      return digits >= 7 && digits <= 17 && digits * 2 >= value.length;
    case "account":
      return (
        (digits >= (form === "quoted" ? 6 : 7) && value.length <= 64) ||
        /^\d{2}-\d{2}-\d{2}$/.test(value)
      );
    case "id":
      return (digits >= 5 && value.length <= 40) || /^\d{4}-\d{2}-\d{2}/.test(value);
  }
}
