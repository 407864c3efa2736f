import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_CURRENCY_EXPONENT,
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PAYMENT_TYPE,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  EVENT_FINANCE_CALLBACK_DUPLICATE,
  EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
  FINANCE_PAYMENT_STATUS_VALUE_CANCELLED,
  FINANCE_PAYMENT_STATUS_VALUE_COMPLETED,
  FINANCE_PAYMENT_STATUS_VALUE_EXPIRED,
  FINANCE_PAYMENT_STATUS_VALUE_FAILED,
  FINANCE_PAYMENT_STATUS_VALUE_UNKNOWN,
  FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_DUPLICATE,
} from "@assay/semconv";
import type { StoredLink, StoredSpan } from "./otlp-traces.ts";
import { asInteger, asText, type AttributeValue } from "./otlp-values.ts";

/** A trace's part in a payment; `unlinked`: it came after the initiation and no link joins it to the rest. */
export type PaymentTraceRole =
  | "initiation"
  | "callback"
  | "duplicate callback"
  | "follow-up"
  | "unlinked";

/** One trace of a payment. */
export interface PaymentTrace {
  traceId: string;
  role: PaymentTraceRole;
  /** By start. */
  spans: StoredSpan[];
  /** The link that joins it to another trace, and the span that it points at when that is held. */
  link?: { from: StoredSpan; to: StoredLink; target?: StoredSpan };
}

/** A payment, from the spans that carry its id and the traces that they are in. */
export interface PaymentView {
  id: string;
  /** The initiation first, when it is held; the others by start. */
  traces: PaymentTrace[];
  /** Nanoseconds since 1970 of the first start and of the last end. */
  startNs: bigint;
  endNs: bigint;
  /** The last state; a final state is never replaced by one that is not final. Empty when none was sent. */
  status: string;
  outcome: string;
  failureDomain: string;
  failureCode: string;
  type: string;
  method: string;
  provider: string;
  /** Minor units of `currency`. */
  amountMinor?: bigint;
  currency: string;
  exponent?: number;
}

/** Finds the payments in traces; a trace that carries two payment ids is part of both. */
export function groupPayments(
  traces: readonly { traceId: string; spans: StoredSpan[] }[],
): PaymentView[] {
  const groups = new Map<string, { traceId: string; spans: StoredSpan[] }[]>();
  for (const trace of traces) {
    for (const id of new Set(trace.spans.map(paymentIdOf))) {
      if (id === "") continue;
      const group = groups.get(id) ?? [];
      groups.set(id, group);
      group.push(trace);
    }
  }
  return [...groups]
    .map(([id, group]) => viewPayment(id, group))
    .toSorted((a, b) => compare(a.startNs, b.startNs));
}

/** The payment that a span is about; empty when it carries no payment id. */
export function paymentIdOf(span: StoredSpan): string {
  return asText(span.attributes[ATTR_FINANCE_PAYMENT_ID]);
}

function viewPayment(
  id: string,
  group: readonly { traceId: string; spans: StoredSpan[] }[],
): PaymentView {
  const spans = group.flatMap((trace) => trace.spans);
  const own = spans
    .filter((span) => paymentIdOf(span) === id)
    .toSorted((a, b) => compare(a.endNs, b.endNs));
  const outcome = lastFinal(own.map((span) => asText(span.attributes[ATTR_FINANCE_OUTCOME])));
  const deciding = own.find((span) => span.attributes[ATTR_FINANCE_OUTCOME] === outcome);
  const amountMinor = asInteger(first(own, ATTR_FINANCE_PAYMENT_AMOUNT_MINOR));
  const exponent = first(own, ATTR_FINANCE_CURRENCY_EXPONENT);
  return {
    id,
    traces: orderTraces(group, id),
    startNs: spans.reduce(
      (least, { startNs }) => (startNs < least ? startNs : least),
      spans[0]!.startNs,
    ),
    endNs: spans.reduce((most, { endNs }) => (endNs > most ? endNs : most), spans[0]!.endNs),
    status: lastFinal(statuses(own, id)),
    outcome,
    failureDomain: asText(deciding?.attributes[ATTR_FINANCE_FAILURE_DOMAIN]),
    failureCode: asText(deciding?.attributes[ATTR_FINANCE_FAILURE_CODE]),
    type: asText(first(own, ATTR_FINANCE_PAYMENT_TYPE)),
    method: asText(first(own, ATTR_FINANCE_PAYMENT_METHOD)),
    provider: asText(first(own, ATTR_FINANCE_PROVIDER_NAME)),
    ...(amountMinor !== undefined && { amountMinor }),
    currency: asText(first(own, ATTR_FINANCE_CURRENCY_CODE)),
    ...(typeof exponent === "number" && { exponent }),
  };
}

function first(spans: readonly StoredSpan[], key: string): AttributeValue | undefined {
  return spans.find((span) => span.attributes[key] !== undefined)?.attributes[key];
}

// The states that spans and their events report, by time; an attribute holds when its span ends.
function statuses(spans: readonly StoredSpan[], id: string): string[] {
  return spans
    .flatMap((span) => [
      ...span.events
        .filter(({ name }) => name === EVENT_FINANCE_PAYMENT_STATUS_CHANGED)
        .filter(({ attributes }) => (attributes[ATTR_FINANCE_PAYMENT_ID] ?? id) === id)
        .map(({ timeNs, attributes }) => ({ timeNs, attributes })),
      { timeNs: span.endNs, attributes: span.attributes },
    ])
    .toSorted((a, b) => compare(a.timeNs, b.timeNs))
    .map(({ attributes }) => asText(attributes[ATTR_FINANCE_PAYMENT_STATUS]));
}

const FINAL: ReadonlySet<string> = new Set([
  FINANCE_PAYMENT_STATUS_VALUE_COMPLETED,
  FINANCE_PAYMENT_STATUS_VALUE_FAILED,
  FINANCE_PAYMENT_STATUS_VALUE_CANCELLED,
  FINANCE_PAYMENT_STATUS_VALUE_EXPIRED,
]);

// The initiating span may end after the callback has settled the payment, and still say "processing".
function lastFinal(values: readonly string[]): string {
  const rank = (value: string): number =>
    FINAL.has(value)
      ? 3
      : value === FINANCE_PAYMENT_STATUS_VALUE_UNKNOWN
        ? 2
        : value === ""
          ? 0
          : 1;
  return values.reduce((best, value) => (rank(value) >= rank(best) ? value : best), "");
}

function orderTraces(
  group: readonly { traceId: string; spans: StoredSpan[] }[],
  id: string,
): PaymentTrace[] {
  const held = new Map(group.map(({ traceId, spans }) => [traceId, spans]));
  const byStart = group.toSorted((a, b) => compare(a.spans[0]!.startNs, b.spans[0]!.startNs));
  const links = new Map(byStart.map((trace) => [trace.traceId, linkOf(trace, id, held)]));
  const targets = new Set([...links.values()].map((link) => link?.to.traceId));
  // The one that the others point at, even if it was itself caused by a trace that is not held, as by a
  // message of a queue; else the first that points nowhere.
  const initiation =
    byStart.find(
      ({ traceId }) => targets.has(traceId) && !held.has(links.get(traceId)?.to.traceId ?? ""),
    ) ?? byStart.find(({ traceId }) => links.get(traceId) === undefined);
  return byStart
    .toSorted((a, b) => Number(b === initiation) - Number(a === initiation))
    .map((trace) => {
      const { traceId, spans } = trace;
      const link = links.get(traceId);
      if (trace === initiation) return { traceId, spans, role: "initiation" };
      const role = roleOf(spans, link !== undefined);
      return link === undefined ? { traceId, spans, role } : { traceId, spans, role, link };
    });
}

// A link into another trace of the payment; or, of a span of the payment, into a trace that is not
// held: the initiation may have been dropped, and its callback must not pass for it.
function linkOf(
  { traceId, spans }: { traceId: string; spans: StoredSpan[] },
  id: string,
  held: ReadonlyMap<string, StoredSpan[]>,
): PaymentTrace["link"] {
  const links = spans.flatMap((from) =>
    from.links.filter((to) => to.traceId !== traceId).map((to) => ({ from, to })),
  );
  const link =
    links.find(({ to }) => held.has(to.traceId)) ??
    links.find(({ from }) => paymentIdOf(from) === id);
  const target = held.get(link?.to.traceId ?? "")?.find(({ spanId }) => spanId === link?.to.spanId);
  return link && { ...link, ...(target && { target }) };
}

function roleOf(spans: readonly StoredSpan[], isLinked: boolean): PaymentTraceRole {
  const types = spans.map(({ attributes }) => attributes[ATTR_FINANCE_PROVIDER_CALLBACK_TYPE]);
  const isDuplicate =
    types.includes(FINANCE_PROVIDER_CALLBACK_TYPE_VALUE_DUPLICATE) ||
    spans.some(({ events }) =>
      events.some(({ name }) => name === EVENT_FINANCE_CALLBACK_DUPLICATE),
    );
  if (isDuplicate) return "duplicate callback";
  if (!isLinked) return "unlinked";
  return types.some((type) => type !== undefined) ? "callback" : "follow-up";
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
