import { formatDuration, formatOffset, formatTime } from "./duration.ts";
import { formatMoney } from "./money.ts";
import type { PaymentTrace, PaymentView } from "./payments.ts";
import { traceLines } from "./render-trace.ts";
import { styleOf } from "./span-facts.ts";
import { draw, type DrawOptions, type Line, type Segment } from "./terminal.ts";

/** Draws one payment: its facts, then its traces as trees of spans, joined across the callback. */
export function renderPayment(payment: PaymentView, options: DrawOptions = {}): string {
  const { width = 100 } = options;
  const { startNs } = payment;
  const lines: Line[] = [paymentLine(payment)];
  for (const trace of payment.traces) {
    lines.push(joinLine(trace, startNs), [
      ["  trace ", "dim"],
      [trace.traceId, "cyan"],
    ]);
    lines.push(...traceLines(trace.spans, { width, startNs }));
  }
  return draw(lines, options);
}

/** Lays out a payment on one line: id, state, amount, what it is, and how long it took. */
export function paymentLine(payment: PaymentView): Line {
  const status = payment.status || payment.outcome || "no state";
  const facts = [
    [payment.type, payment.method, payment.provider].filter((fact) => fact !== "").join(", "),
    [payment.failureDomain, payment.failureCode].filter((fact) => fact !== "").join(" "),
    formatDuration(payment.endNs - payment.startNs),
  ].filter((fact) => fact !== "");
  return [
    ["Payment "],
    [payment.id, "bold"],
    ["  "],
    [status, styleOf(status)],
    ...(payment.amountMinor === undefined ? [] : [[`  ${amountOf(payment)}`, "bold"] as const]),
    [`  ${facts.join(" · ")}`, "dim"],
  ];
}

/** A payment's amount as money; empty when none was sent. */
export function amountOf({ amountMinor, currency, exponent }: PaymentView): string {
  return amountMinor === undefined ? "" : formatMoney(amountMinor, currency, exponent);
}

// How a trace is joined to the ones above it; a link that is missing is said, not left out.
function joinLine({ role, spans, link }: PaymentTrace, startNs: bigint): Line {
  const traceStartNs = spans[0]!.startNs;
  if (role === "initiation")
    return [
      ["▸ initiation", "bold"],
      [`  ${formatTime(traceStartNs)}`, "dim"],
    ];
  const offset: Segment = [`  ${formatOffset(traceStartNs - startNs)}`, "dim"];
  if (link === undefined) {
    const name = role === "unlinked" ? "later trace" : role;
    return [[`· ${name}`, "bold"], [", not linked", "yellow"], offset];
  }
  return [
    [`↪ ${role}`, "bold"],
    [", linked to "],
    [`${link.to.traceId.slice(0, 8)}…`, "cyan"],
    link.target === undefined ? [" (not held)", "yellow"] : [` (${link.target.name})`],
    offset,
  ];
}
