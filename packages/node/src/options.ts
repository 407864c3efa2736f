import { allVariables } from "./config.ts";
import { keyOf } from "./declarative-keys.ts";

/** Tells a variable's name, default, meaning and place in a configuration file, for the README's options table. */
export interface Option {
  name: string;
  fallback: string;
  about: string;
  key: string;
}

/** The rows of the README's options table, in order; the variables of single signals have one row together. */
export function options(): Option[] {
  const rows = allVariables().map(({ name, fallback, about }) => ({
    name: name.replace(/^(OTEL_EXPORTER_OTLP)_(TRACES|METRICS|LOGS)_/, "$1_<SIGNAL>_"),
    fallback: String(fallback),
    about,
    key: keyOf(name).replace(/^\w+\.\w+\[\]\.\w+\.exporter\.otlp_http/, "….otlp_http"),
  }));
  return [...new Map(rows.map((row) => [row.name, row])).values()];
}
