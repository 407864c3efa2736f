import { CATALOGUE } from "./catalogue.ts";
import {
  attributes,
  headers,
  integer,
  listOf,
  oneOf,
  POSITIVE,
  url,
  type Variable,
} from "./variable.ts";

const SIGNALS = ["TRACES", "METRICS", "LOGS"] as const;

/** What OpenTelemetry's packages read from the environment by themselves; it is checked before they do. */
export const UPSTREAM_VARIABLES: readonly Variable<unknown>[] = [
  ...otlp(
    "ENDPOINT",
    { fallback: "", about: "Whole URL for one signal." },
    {
      parse: url,
      fallback: "http://localhost:4318",
      expected: "an http:// or https:// URL such as http://127.0.0.1:4318",
      about: "The Collector; `/v1/traces` and so on are appended.",
    },
  ),
  ...otlp(
    "HEADERS",
    { fallback: "", about: "The same, for one signal; added to those of all." },
    {
      parse: headers,
      fallback: "",
      expected:
        "name=value pairs separated by commas, with commas, semicolons and % in a value percent-encoded",
      secret: true,
      about: "Headers sent to the Collector, such as its credential.",
    },
  ),
  ...otlp<string | number>(
    "TIMEOUT",
    { fallback: "" },
    {
      ...POSITIVE,
      fallback: 10_000,
      about: "Milliseconds that one request to the Collector may take.",
    },
  ),
  ...otlp(
    "COMPRESSION",
    { fallback: "" },
    {
      parse: oneOf(["gzip", "none"]),
      fallback: "none",
      expected: "gzip or none",
      about: "`gzip` compresses what is sent to the Collector.",
    },
  ),
  {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    parse: attributes,
    fallback: "",
    expected:
      "key=value pairs separated by commas, up to 255 characters each, with commas, equals signs and % in a value percent-encoded",
    about: "Attributes of the service, such as `deployment.environment.name=live`.",
  },
  limit(
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "The same as `OTEL_ATTRIBUTE_COUNT_LIMIT`, for spans only.",
    Number.POSITIVE_INFINITY,
  ),
  limit("OTEL_SPAN_EVENT_COUNT_LIMIT", "Events kept of a span."),
  limit("OTEL_SPAN_LINK_COUNT_LIMIT", "Links kept of a span."),
  limit("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "Attributes kept of an event of a span."),
  limit("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "Attributes kept of a link of a span."),
];

/** Gives a limit of how many are kept. */
export function limit(name: string, about: string, fallback = 128): Variable<number> {
  const expected = "a whole number up to 2147483647";
  return { name, parse: integer(0, 2_147_483_647), fallback, expected, about };
}

/** Gives a variable that lists instrumentations. */
export function instrumentations(name: string, about: string): Variable<string[]> {
  const names = Object.keys(CATALOGUE);
  const expected = `a list of ${names.join(", ")}`;
  return { name, parse: listOf(names), fallback: [], expected, about };
}

/** Gives a setting of the exporters for all signals, and the one of each signal, which wins over it. */
export function otlp<T>(
  setting: string,
  own: { fallback: T; about?: string },
  all: Omit<Variable<T>, "name">,
): Variable<T>[] {
  return [
    { name: `OTEL_EXPORTER_OTLP_${setting}`, ...all },
    ...SIGNALS.map((signal) => ({
      name: `OTEL_EXPORTER_OTLP_${signal}_${setting}`,
      ...all,
      about: "The same, for one signal.",
      ...own,
    })),
  ];
}
