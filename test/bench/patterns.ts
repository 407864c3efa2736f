/** Twenty regular expressions of the kind that services write for themselves. */
export const PATTERNS: readonly RegExp[] = [
  /\b(?:\d[ -]?){13,19}\b/g,
  /\b3[47]\d{13}\b/g,
  /\b\d{3}-\d{2}-\d{4}\b/g,
  /\b[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}\b/g,
  /\+\d{1,3}[ -]?\d{3}[ -]?\d{3}[ -]?\d{3,4}\b/g,
  /\b254[17]\d{8}\b/g,
  /\b0[17]\d{8}\b/g,
  /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b/g,
  /\beyJ[\w-]+\.[\w-]+\.[\w-]+/g,
  /\bBearer [\w.~+/-]+=*/gi,
  /\bBasic [A-Za-z0-9+/]+=*/gi,
  /-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----/g,
  /\bAKIA[A-Z0-9]{16}\b/g,
  /\b[sr]k_(?:live|test)_\w{16,}/g,
  /\bgh[opsu]_\w{36}\b/g,
  /\bxox[abprs]-[\w-]{10,}/g,
  /:\/\/[^\s:@/]+:[^\s:@/]+@/g,
  /(?:password|passwd|pwd|secret|token)["']?\s*[=:]\s*["']?[^\s"'&]+/gi,
  /\b(?:cvv|cvc|pin)["']?\s*[=:]\s*["']?\d{3,6}/gi,
  /\bAIza[\w-]{35}\b/g,
];

/** The same twenty as one. */
export const COMBINED = new RegExp(PATTERNS.map(({ source }) => `(?:${source})`).join("|"), "gi");
