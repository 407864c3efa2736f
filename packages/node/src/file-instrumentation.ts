import type { ConfigurationModel } from "@opentelemetry/configuration";
import { CATALOGUE } from "./catalogue.ts";
import type { FileReader } from "./config-file.ts";
import { touchAll } from "./file-exporter.ts";
import { camelCase } from "./file-metrics.ts";
import { FETCH_OPTIONS, HTTP_OPTIONS } from "./request-settings.ts";

type Instrumentation = NonNullable<ConfigurationModel["instrumentation/development"]>;

/** Reads which instrumentations are used, their settings, and what is for all of them. */
export function readInstrumentation(model: Instrumentation | undefined, file: FileReader): void {
  if (model === undefined) return;
  readHeaders(model.general?.http, file);
  readQueryParameters(model.general?.sanitization?.url?.sensitive_query_parameters, file);
  const { js = {} } = model;
  for (const name of Object.keys(js)) {
    const at = `instrumentation/development.js.${name}`;
    if (!(name in CATALOGUE)) continue;
    const given = touchAll(js[name]) as Record<string, unknown>;
    const { enabled, ...options } = given;
    if (enabled !== undefined && enabled !== null && typeof enabled !== "boolean") {
      file.warn(
        `${at}.enabled`,
        `is ${JSON.stringify(enabled)}; use true or false. It is ignored.`,
      );
    }
    warnOfOthers(name, options, file);
    file.declared.instrumentations[name] = {
      ...(typeof enabled === "boolean" ? { enabled } : {}),
      options: {
        ...file.declared.instrumentations[name]?.options,
        ...(withUpstreamNames(options) as object),
      },
    };
  }
}

// Requests are observed by parts of ours, which have few of upstream's settings.
function warnOfOthers(name: string, options: Record<string, unknown>, file: FileReader): void {
  const known = name === "http" ? HTTP_OPTIONS : name === "undici" ? FETCH_OPTIONS : undefined;
  for (const option of Object.keys(options)) {
    if (known === undefined || known.includes(camelCase(option))) continue;
    const instead = `${known.join(" or ")}, or enabled`;
    file.warn(`instrumentation/development.js.${name}.${option}`, `is not used; use ${instead}.`);
  }
}

// What is captured goes through the gate like all else: a credential's header is removed by its name.
function readHeaders(
  http: NonNullable<Instrumentation["general"]>["http"],
  { declared }: FileReader,
): void {
  const client = headersOf(http?.client);
  const server = headersOf(http?.server);
  if (client === undefined && server === undefined) return;
  declared.instrumentations["http"] = {
    options: { headersToSpanAttributes: { ...(client && { client }), ...(server && { server }) } },
  };
  if (client === undefined) return;
  declared.instrumentations["undici"] = { options: { headersToSpanAttributes: client } };
}

function headersOf(
  given: { request_captured_headers?: string[]; response_captured_headers?: string[] } | undefined,
): { requestHeaders?: string[]; responseHeaders?: string[] } | undefined {
  const { request_captured_headers: request, response_captured_headers: response } = given ?? {};
  if (request === undefined && response === undefined) return undefined;
  return {
    ...(request && { requestHeaders: [...request] }),
    ...(response && { responseHeaders: [...response] }),
  };
}

// Beside what Assay removes anyway; upstream takes such a list in place of its own.
function readQueryParameters(names: string[] | undefined, file: FileReader): void {
  if (names === undefined) return;
  if (names.length > 0) file.declared.queryParameters = [...names];
  else {
    file.refuse(
      "instrumentation/development.general.sanitization.url.sensitive_query_parameters",
      "is empty, and Assay always redacts; take it out.",
    );
  }
}

/** Settings as upstream calls them: the file may write them with underscores, as its other keys. */
function withUpstreamNames(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withUpstreamNames(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]: [string, unknown]) => [
    camelCase(key),
    withUpstreamNames(item),
  ]);
  return Object.fromEntries(entries) as object;
}
