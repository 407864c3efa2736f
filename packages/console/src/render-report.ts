import { formatDuration, formatTime } from "./duration.ts";
import { paymentIdOf, type PaymentView } from "./payments.ts";
import { renderErrors } from "./render-errors.ts";
import { renderOutcomes } from "./render-outcomes.ts";
import { amountOf, renderPayment } from "./render-payment.ts";
import { renderRedactions } from "./render-redactions.ts";
import { styleOf } from "./span-facts.ts";
import type { StoredTrace, TelemetryStore } from "./store.ts";
import { table } from "./table.ts";
import { draw, type DrawOptions, type Line } from "./terminal.ts";

/** How the report is drawn. */
export interface ReportOptions extends DrawOptions {
  /** How many payments are drawn as trees, the newest; the others have a line each. */
  trees?: number;
}

const MAX_ROWS = 20;
const MAX_TRACES = 10;

/** Draws everything: payments, other traces, metrics by outcome, errors, redactions, and what is held. */
export function renderReport(
  store: TelemetryStore,
  { trees = 3, ...options }: ReportOptions = {},
): string {
  const payments = store.payments();
  const drawn = payments.slice(Math.max(0, payments.length - trees));
  const others = payments.slice(0, payments.length - drawn.length);
  const traces = store.traces();
  const loose = traces.filter(({ spans }) => spans.every((span) => paymentIdOf(span) === ""));
  const parts = [
    heading("Payments", options),
    ...(payments.length === 0 ? [draw([[["  none", "dim"]]], options)] : []),
    ...(others.length === 0 ? [] : [paymentTable(others, options)]),
    ...drawn.map((payment) => renderPayment(payment, options)),
    ...(loose.length === 0
      ? []
      : [heading("Traces without a payment", options), traceTable(loose, options)]),
    heading("Metrics by outcome", options),
    renderOutcomes(store, options),
    heading("Errors", options),
    renderErrors(store, options),
    heading("Redactions", options),
    renderRedactions(store, options),
    draw([heldLine(store, traces)], options),
  ];
  return parts.join("\n\n");
}

function heading(text: string, options: DrawOptions): string {
  const { width = 100 } = options;
  return draw(
    [
      [
        [text, "bold"],
        [` ${"─".repeat(Math.max(0, width - text.length - 1))}`, "dim"],
      ],
    ],
    options,
  );
}

function paymentTable(payments: readonly PaymentView[], options: DrawOptions): string {
  const shown = payments.slice(-MAX_ROWS);
  const missing = payments.length - shown.length;
  const columns = [
    { heading: "payment" },
    { heading: "state" },
    { heading: "amount", isNumber: true },
    { heading: "initiating trace" },
  ];
  const rows = shown.map((payment) => {
    const status = payment.status || payment.outcome || "no state";
    const traceId = payment.traces[0]?.traceId ?? "";
    return [payment.id, [status, styleOf(status)] as const, amountOf(payment), traceId];
  });
  const lines: Line[] = table(columns, rows);
  if (missing > 0) lines.unshift([[`  … ${missing} older payments`, "dim"]]);
  return draw(lines, options);
}

function traceTable(traces: readonly StoredTrace[], options: DrawOptions): string {
  const shown = traces.slice(-MAX_TRACES);
  const missing = traces.length - shown.length;
  const columns = [
    { heading: "start" },
    { heading: "name" },
    { heading: "duration", isNumber: true },
    { heading: "trace" },
  ];
  const rows = shown.map(({ traceId, spans }) => {
    const first = spans[0]!;
    const hasError = spans.some(({ status }) => status === "error");
    return [
      formatTime(first.startNs).slice("2026-11-24 ".length),
      [first.name, hasError ? "red" : "plain"] as const,
      formatDuration(first.endNs - first.startNs),
      traceId,
    ];
  });
  const lines: Line[] = table(columns, rows);
  if (missing > 0) lines.unshift([[`  … ${missing} older traces`, "dim"]]);
  return draw(lines, options);
}

function heldLine(store: TelemetryStore, traces: readonly StoredTrace[]): Line {
  const spans = traces.reduce((sum, trace) => sum + trace.spans.length, 0);
  const held = `${traces.length} traces, ${spans} spans, ${store.logs().length} log records, ${store.metrics().length} series held`;
  const dropped = Object.entries(store.dropped).filter(([, count]) => count > 0);
  if (dropped.length === 0) return [[`${held}; nothing dropped`, "dim"]];
  const counts = dropped.map(([what, count]) => `${count} ${what}`).join(", ");
  return [
    [`${held}; `, "dim"],
    [`dropped: ${counts}`, "yellow"],
  ];
}
