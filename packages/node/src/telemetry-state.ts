import type { OutboxState } from "./outbox.ts";
import { dropTotals } from "./self-metrics.ts";
import type { Telemetry } from "./telemetry.ts";

/** How telemetry goes in this process. */
export interface TelemetryState {
  /** Whether Assay was started here. */
  started: boolean;
  /** By signal; a signal of which nothing was made yet is absent. */
  signals: { traces?: OutboxState; logs?: OutboxState };
  /** What was dropped, by signal and reason, as "traces queue_full". */
  dropped: Record<string, number>;
  /** Items that the egress gate could not judge and dropped. */
  gateFailures: number;
}

type Made = Pick<Telemetry, "exporters"> | undefined;

let current: (() => Made) | undefined;

/** Makes the process's telemetry known to whoever asks how it goes. */
export function showTelemetry(telemetry: () => Made): void {
  current = telemetry;
}

/** Tells how telemetry goes; loads and makes nothing. */
export function telemetryState(): TelemetryState {
  const exporters = current?.()?.exporters;
  const dropped = Object.fromEntries(dropTotals);
  const gateFailures = Object.entries(dropped)
    .filter(([key]) => key.endsWith(" redaction_failed"))
    .reduce((sum, [, count]) => sum + count, 0);
  return {
    started: current !== undefined,
    signals: {
      ...(exporters?.spans === undefined ? {} : { traces: exporters.spans.state() }),
      ...(exporters?.logs === undefined ? {} : { logs: exporters.logs.state() }),
    },
    dropped,
    gateFailures,
  };
}
