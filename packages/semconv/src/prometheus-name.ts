/** What a metric's name in Prometheus depends on. */
export interface NamedInstrument {
  /** As "http.server.request.duration". */
  name: string;
  /** UCUM, as "s"; "" and "1" are no unit. */
  unit: string;
  kind: "counter" | "updowncounter" | "gauge" | "histogram";
}

/** UCUM units as Prometheus spells them. */
const UNITS: Readonly<Record<string, string>> = {
  d: "days",
  h: "hours",
  min: "minutes",
  s: "seconds",
  ms: "milliseconds",
  us: "microseconds",
  ns: "nanoseconds",
  By: "bytes",
  KiBy: "kibibytes",
  MiBy: "mebibytes",
  GiBy: "gibibytes",
  TiBy: "tibibytes",
  KBy: "kilobytes",
  MBy: "megabytes",
  GBy: "gigabytes",
  TBy: "terabytes",
  m: "meters",
  V: "volts",
  A: "amperes",
  J: "joules",
  W: "watts",
  g: "grams",
  Cel: "celsius",
  Hz: "hertz",
  "1": "",
  "%": "percent",
};

/** The same behind a stroke, in the singular. */
const PER: Readonly<Record<string, string>> = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
  mo: "month",
  y: "year",
};

/**
 * Gives the name under which Prometheus stores an instrument, pushed or scraped.
 *
 * Follows OpenTelemetry's compatibility specification as Prometheus' own translator does (otlptranslator 1.0,
 * UnderscoreEscapingWithSuffixes): the unit is spelled out and appended unless the name has it, counters end in
 * `_total`, gauges of unit "1" in `_ratio`. A name with no letter or digit gives "".
 *
 * @example toPrometheusName({ name: "finance.payment.duration", unit: "s", kind: "histogram" }) // finance_payment_duration_seconds
 */
export function toPrometheusName({ name, unit, kind }: NamedInstrument): string {
  const words = name.split(/[^a-zA-Z0-9:]+/).filter((word) => word !== "");
  let tokens = [...words, ...unitWords(unit, words)];
  if (kind === "counter") tokens = [...tokens.filter((token) => token !== "total"), "total"];
  if (kind === "gauge" && unit === "1") {
    tokens = [...tokens.filter((token) => token !== "ratio"), "ratio"];
  }
  const joined = tokens.join("_");
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

// "By/s" is ["bytes", "per_second"], without a word that the name has. What is in braces is a remark and no unit.
function unitWords(unit: string, nameWords: readonly string[]): string[] {
  const [, main = "", per = ""] = /^([^/]*)(?:\/(.*))?$/s.exec(unit) ?? [];
  const mainWord = legal(wordOf(main, UNITS));
  const perName = wordOf(per, PER);
  const perWord = perName === "" ? "" : legal(`per_${perName}`).replace(/_$/, "");
  // Compared before its last underscore goes, as the translator does.
  const added = nameWords.includes(mainWord) ? "" : mainWord;
  return perWord === "" || perWord === "per"
    ? [added].filter((word) => word !== "")
    : [added.replace(/_$/, ""), perWord].filter((word) => word !== "");
}

function wordOf(part: string, words: Readonly<Record<string, string>>): string {
  const trimmed = part.replaceAll(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
  if (/[{}]/.test(trimmed)) return "";
  return Object.hasOwn(words, trimmed) ? words[trimmed]! : trimmed;
}

function legal(word: string): string {
  return word
    .replaceAll(/[^a-zA-Z0-9:]/g, "_")
    .replaceAll(/_{2,}/g, "_")
    .replace(/^_/, "");
}
