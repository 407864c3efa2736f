import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Names that OpenTelemetry's conventions package exports, stable and incubating. */
export interface Upstream {
  /** Attributes. One that is a family, as `http.request.header.<name>`, stands here without its end. */
  attributes: Set<string>;
  families: Set<string>;
  metrics: Set<string>;
}

/** Reads the names from the installed @opentelemetry/semantic-conventions. */
export function upstreamNames(): Upstream {
  const upstream: Upstream = { attributes: new Set(), families: new Set(), metrics: new Set() };
  for (const entry of ["", "/incubating"]) {
    const all = require(`@opentelemetry/semantic-conventions${entry}`) as Record<string, unknown>;
    for (const [name, value] of Object.entries(all)) {
      if (name.startsWith("METRIC_")) upstream.metrics.add(String(value));
      if (!name.startsWith("ATTR_")) continue;
      if (typeof value === "string") upstream.attributes.add(value);
      else if (typeof value === "function") {
        const family = (value as (key: string) => string)("").replace(/\.$/, "");
        upstream.attributes.add(family);
        upstream.families.add(family);
      }
    }
  }
  return upstream;
}
