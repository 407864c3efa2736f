import type { Redactor } from "@assay/redaction";
import type { Config } from "./config.ts";
import { engine } from "./engine.ts";
import type { RedactorFor } from "./gate-values.ts";
import { withoutParameters } from "./query-parameters.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/** Makes a redactor that needs no configuration, for what is said before there is one. */
export function plainRedactor(): Redactor {
  return engine().createRedactor();
}

/** Gives the redactors of all surfaces; the engine is loaded for the first of them. */
export function createRedactors(config: Config, self: SelfMetrics): RedactorFor {
  const made = new Map<string, Redactor>();
  return (surface, signal) => {
    const known = made.get(`${surface} ${signal}`);
    if (known !== undefined) return known;
    const redactor = engine().createRedactor({
      truncateAt: config.file?.declared.valueLengths[signal ?? ""] ?? config.valueLength,
      ...(config.pseudonymKeys.length === 0 ? {} : { pseudonymKeys: config.pseudonymKeys }),
      onFinding: (finding) => self.found(surface, signal, finding),
    });
    const parameters = config.file?.declared.queryParameters ?? [];
    const all = parameters.length === 0 ? redactor : withoutParameters(redactor, parameters);
    made.set(`${surface} ${signal}`, all);
    return all;
  };
}
