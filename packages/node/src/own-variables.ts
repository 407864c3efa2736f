import { boolean, oneOf, type Variable } from "./variable.ts";

const CONSOLE_LOGS = ["none", "debug", "info", "warn", "error"];

/** Off unless asked for: a platform mostly collects stdout already, and tables and progress are no records. */
export const consoleLogs: Variable<string> = {
  name: "ASSAY_CONSOLE_LOGS",
  parse: oneOf(CONSOLE_LOGS),
  fallback: "none",
  expected: CONSOLE_LOGS.join(", "),
  about: "Least level of `console` that is sent as log records.",
};

/** Whether the line at the start is said. */
export const startLine: Variable<boolean> = {
  name: "ASSAY_START_LINE",
  parse: boolean,
  fallback: true,
  expected: "true or false",
  about: "`false` leaves out the line at the start that says what is instrumented.",
};
