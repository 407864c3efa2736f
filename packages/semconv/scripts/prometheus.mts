import { toPrometheusName } from "../src/prometheus-name.ts";
import type { Metric } from "./registry.mts";

/** The name that a metric of the registry has in Prometheus. */
export function prometheusNameOf({ name, unit, instrument }: Metric): string {
  return toPrometheusName({ name, unit, kind: instrument as "counter" });
}
