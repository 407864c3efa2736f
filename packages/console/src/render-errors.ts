import { formatTime } from "./duration.ts";
import type { ErrorSource, StoredError } from "./errors.ts";
import type { TelemetryStore } from "./store.ts";
import { draw, type DrawOptions, type Line } from "./terminal.ts";

const SOURCES: Readonly<Record<ErrorSource, string>> = {
  sentry: "Sentry envelope",
  span: "span event",
  log: "log record",
};

/** Draws the errors with type, message, trace and span id, and the ways on which they came. */
export function renderErrors(store: TelemetryStore, options: DrawOptions = {}): string {
  const errors = store.errors();
  const items = Object.entries(store.envelopeItems());
  const lines = errors.length === 0 ? [[["  none", "dim"]] as const] : errors.flatMap(errorLines);
  const counts = items.map(([type, count]) => `${count} ${type}`).join(", ");
  return draw(
    counts === "" ? lines : [...lines, [[`  Envelope items: ${counts}`, "dim"]]],
    options,
  );
}

function errorLines(error: StoredError): Line[] {
  const details = [
    error.level,
    error.service,
    error.release,
    error.environment,
    error.count > 1 ? `${error.count} times` : "",
    `from ${error.sources.map((source) => SOURCES[source]).join(" and ")}`,
  ];
  const { traceId, spanId, location, fingerprint } = error;
  return [
    [["  ✗ "], [error.type, "red"], [error.message === "" ? "" : `: ${error.message}`]],
    traceId === undefined
      ? [["    no trace", "yellow"]]
      : [
          ["    trace ", "dim"],
          [traceId, "cyan"],
          ["  span ", "dim"],
          [spanId ?? "none", "cyan"],
        ],
    [
      [`    ${formatTime(error.timeNs)}  `, "dim"],
      [details.filter((detail) => detail !== "").join(" · "), "dim"],
    ],
    ...(location === undefined ? [] : [[[`    at ${location}`, "dim"]] as const]),
    ...(fingerprint.length === 0
      ? []
      : [[[`    fingerprint ${fingerprint.join(", ")}`, "dim"]] as const]),
  ];
}
