import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { MetricReader } from "@opentelemetry/sdk-metrics";

/**
 * Makes a reader collect without spans. What a gauge asks a database at each export is nobody's request, and would be a
 * trace of its own each time.
 */
export function collectQuietly<Reader extends MetricReader>(reader: Reader): Reader {
  const collect = reader.collect.bind(reader);
  reader.collect = (options) =>
    context.with(suppressTracing(context.active()), collect, undefined, options);
  return reader;
}
