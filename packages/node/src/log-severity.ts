import { SeverityNumber } from "@opentelemetry/api";

/** As OpenTelemetry's logs data model maps other formats, and upstream the levels of npm and of the command line. */
const BY_NAME: Readonly<Record<string, SeverityNumber>> = {
  emerg: SeverityNumber.FATAL,
  fatal: SeverityNumber.FATAL,
  alert: SeverityNumber.ERROR3,
  crit: SeverityNumber.ERROR2,
  error: SeverityNumber.ERROR,
  warning: SeverityNumber.WARN,
  warn: SeverityNumber.WARN,
  help: SeverityNumber.INFO3,
  notice: SeverityNumber.INFO2,
  data: SeverityNumber.INFO2,
  info: SeverityNumber.INFO,
  http: SeverityNumber.DEBUG3,
  verbose: SeverityNumber.DEBUG2,
  debug: SeverityNumber.DEBUG,
  prompt: SeverityNumber.TRACE4,
  input: SeverityNumber.TRACE2,
  silly: SeverityNumber.TRACE,
  trace: SeverityNumber.TRACE,
};

/**
 * Gives the severity of one of pino's or bunyan's levels: 10 is trace, 30 info, 60 fatal, and those between lie between.
 *
 * A level of the application's own keeps its place: 35 is above info and below warn.
 */
export function severityOfNumber(level: number): SeverityNumber {
  const exact = 1 + (4 * (level - 10)) / 10;
  return Math.min(SeverityNumber.FATAL4, Math.max(SeverityNumber.TRACE, Math.floor(exact))) || 9;
}

/** Gives the severity of one of winston's levels; of a name that nobody knows by its place among `levels`. */
export function severityOfName(
  name: string,
  levels: Readonly<Record<string, number>> = {},
): SeverityNumber {
  const known = BY_NAME[name];
  if (known !== undefined) return known;
  const last = Math.max(1, ...Object.values(levels));
  const place = (levels[name] ?? last) / last;
  // The first of winston's levels is the most severe.
  return Math.round(SeverityNumber.ERROR - place * (SeverityNumber.ERROR - SeverityNumber.TRACE));
}
