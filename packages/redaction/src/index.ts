export { createRedactor } from "./redactor.ts";
export type { DataClass, Finding, Redactor, RedactorOptions } from "./redactor.ts";
export { scanTotals, type ScanTotals } from "./scanner.ts";
export type { KeyRule, Policy } from "./own-policy.ts";
export type { PanPolicy } from "./stand-in.ts";
export {
  createPseudonyms,
  type Pseudonym,
  type PseudonymKey,
  type PseudonymOptions,
  type Pseudonyms,
} from "./pseudonym.ts";
export type { LocalCountry, PseudonymClass } from "./canonical.ts";
export { parseKeyFile } from "./key-file.ts";
