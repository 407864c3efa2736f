import { formatDuration, formatOffset, formatTime } from "./duration.ts";
import { formatMoney } from "./money.ts";
import type { StoredSpan } from "./otlp-traces.ts";
import { paymentIdOf, type PaymentTrace, type PaymentView } from "./payments.ts";
import { traceLines } from "./render-trace.ts";
import { styleOf } from "./span-facts.ts";
import { draw, type DrawOptions, type Line, type Segment } from "./terminal.ts";

/** Draws one payment: its facts, then its traces as trees of spans, joined across the callback. */
export function renderPayment(payment: PaymentView, options: DrawOptions = {}): string {
  const { width = 100 } = options;
  const { startNs } = payment;
  const hasServices = servicesOf(payment).length > 1;
  const lines: Line[] = [paymentLine(payment)];
  for (const trace of payment.traces) {
    lines.push(joinLine(trace, startNs), [
      ["  trace ", "dim"],
      [trace.traceId, "cyan"],
    ]);
    const own = withoutOthers(trace.spans, payment.id);
    lines.push(...traceLines(own, { width, startNs, hasServices }));
    const others = trace.spans.length - own.length;
    if (others > 0) lines.push([["  "], [`… ${others} spans of other payments`, "dim"]]);
  }
  return draw(lines, options);
}

// One trace may settle many payments; each is drawn without the others' spans and what is below them.
function withoutOthers(spans: readonly StoredSpan[], id: string): StoredSpan[] {
  const children = new Map<string, StoredSpan[]>();
  for (const span of spans) {
    const siblings = children.get(span.parentSpanId ?? "") ?? [];
    children.set(span.parentSpanId ?? "", siblings);
    siblings.push(span);
  }
  const isOf = (span: StoredSpan, ids: readonly string[]): boolean =>
    ids.includes(paymentIdOf(span));
  const others = new Set(spans.filter((span) => !isOf(span, ["", id])).map(({ spanId }) => spanId));
  // A set hands out what is added to it while it is walked.
  for (const spanId of others) {
    for (const child of children.get(spanId) ?? [])
      if (!isOf(child, [id])) others.add(child.spanId);
  }
  return spans.filter(({ spanId }) => !others.has(spanId));
}

/** Lays out a payment on one line: id, state, amount, what it is, and how long it took. */
export function paymentLine(payment: PaymentView): Line {
  const status = payment.status || payment.outcome || "no state";
  const facts = [
    [payment.type, payment.method, payment.provider].filter((fact) => fact !== "").join(", "),
    [payment.failureDomain, payment.failureCode].filter((fact) => fact !== "").join(" "),
    servicesOf(payment).join(", "),
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

function servicesOf({ traces }: PaymentView): string[] {
  const services = traces.flatMap(({ spans }) => spans.map(({ service }) => service));
  return [...new Set(services)].filter((service) => service !== "");
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
