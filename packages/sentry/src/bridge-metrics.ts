import type { IncomingMessage, ServerResponse } from "node:http";
import type { Attributes } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import {
  ASSAY_BRIDGE_RESULT_VALUE_NO_PROJECT,
  ASSAY_BRIDGE_RESULT_VALUE_UNREADABLE,
  ATTR_ASSAY_BRIDGE_PROJECT,
  ATTR_ASSAY_BRIDGE_RESULT,
} from "@assay/semconv/assay";
import {
  type Instrument,
  INSTRUMENT_ASSAY_BRIDGE_EVENTS,
  INSTRUMENT_ASSAY_BRIDGE_HELD,
  INSTRUMENT_ASSAY_BRIDGE_LIMITED,
} from "@assay/semconv";
import { toPrometheusName } from "@assay/semconv/prometheus-name";
import type { Fate, ProjectHealth } from "./bridge-project.ts";
import type { SetAsideReason } from "./set-aside.ts";

/** What becomes of an error, as it is counted. */
export type BridgeResult = Fate["result"] | SetAsideReason;

export interface BridgeMetrics {
  /** Counts an error; without a project when none takes its service, or it could not be read. */
  count(result: BridgeResult, project?: string): void;
  /** Answers with Prometheus's text. */
  answer(request: IncomingMessage, response: ServerResponse): void;
  close(): Promise<void>;
}

/** Results of an error whose project is known. */
const OF_PROJECT: readonly BridgeResult[] = [
  "accepted",
  "duplicate",
  "limited",
  "away",
  "refused",
  "breaks_the_server",
  "unjudgeable",
];

/**
 * Makes the bridge's metrics, by an SDK of its own: the bridge runs with a preload or without.
 *
 * Named as the Collector names them for Prometheus, which the exporter does not do for units.
 */
export function createBridgeMetrics(options: {
  health: () => readonly ProjectHealth[];
  heldBytes: () => number;
}): BridgeMetrics {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const provider = new MeterProvider({ readers: [exporter] });
  const meter = provider.getMeter("@assay/sentry");
  const gauge = (instrument: Instrument) => {
    const { unit, description } = instrument;
    return meter.createObservableGauge(toPrometheusName(instrument), { unit, description });
  };
  const { unit, description } = INSTRUMENT_ASSAY_BRIDGE_EVENTS;
  const events = meter.createCounter(toPrometheusName(INSTRUMENT_ASSAY_BRIDGE_EVENTS), {
    unit,
    description,
  });
  // At zero before anything happens, so that increase() sees the first.
  for (const project of options.health()) {
    for (const result of OF_PROJECT) events.add(0, labels(result, project.name));
  }
  events.add(0, labels(ASSAY_BRIDGE_RESULT_VALUE_NO_PROJECT));
  events.add(0, labels(ASSAY_BRIDGE_RESULT_VALUE_UNREADABLE));
  gauge(INSTRUMENT_ASSAY_BRIDGE_HELD).addCallback((held) => held.observe(options.heldBytes()));
  gauge(INSTRUMENT_ASSAY_BRIDGE_LIMITED).addCallback((limited) => {
    for (const { name: project, limitedUntilMs } of options.health()) {
      limited.observe(limitedUntilMs === undefined ? 0 : 1, {
        [ATTR_ASSAY_BRIDGE_PROJECT]: project,
      });
    }
  });
  return {
    count: (result, project) => events.add(1, labels(result, project)),
    answer: (request, response) => exporter.getMetricsRequestHandler(request, response),
    close: () => provider.shutdown(),
  };
}

function labels(result: BridgeResult, project?: string): Attributes {
  return {
    ...(project === undefined ? {} : { [ATTR_ASSAY_BRIDGE_PROJECT]: project }),
    [ATTR_ASSAY_BRIDGE_RESULT]: result,
  };
}
