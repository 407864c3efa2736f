export { createRedactor } from "./redactor.ts";
export type { DataClass, Finding, Redactor, RedactorOptions } from "./redactor.ts";
