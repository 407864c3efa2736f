import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_CURRENCY_EXPONENT,
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_MPESA_RESULT_CODE,
  EVENT_FINANCE_CALLBACK_DUPLICATE,
  EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
} from "@assay/semconv";
import { formatMoney } from "./money.ts";
import type { StoredEvent } from "./otlp-traces.ts";
import { asInteger, asText, type Attributes, type AttributeValue } from "./otlp-values.ts";
import type { Segment, Style } from "./terminal.ts";
import type { TreeRow } from "./span-tree.ts";

/** The colour of a payment's state or outcome. */
export function styleOf(status: string): Style {
  if (status === "completed") return "green";
  if (status === "failed") return "red";
  return status === "cancelled" || status === "expired" || status === "unknown" ? "yellow" : "cyan";
}

/** What to know about a span at a glance, the most urgent first; its service where there are several. */
export function factsOf(
  { span, parent }: TreeRow,
  { hasServices }: { hasServices: boolean },
): Segment[] {
  const { attributes } = span;
  const facts: Segment[] = [];
  if (span.status === "error") facts.push(["✗ error", "red"]);

  const code = show(attributes["http.response.status_code"]);
  if (code !== "") facts.push([code, code >= "5" ? "red" : code >= "4" ? "yellow" : "plain"]);
  const route = asText(attributes["http.route"]);
  if (route !== "" && !span.name.includes(route)) facts.push([route]);
  if (hasServices && span.service !== "" && span.service !== parent?.service)
    facts.push([span.service, "dim"]);
  if (span.parentSpanId !== undefined && parent === undefined)
    facts.push(["parent not held", "dim"]);

  const status = asText(attributes[ATTR_FINANCE_PAYMENT_STATUS]);
  const outcome = asText(attributes[ATTR_FINANCE_OUTCOME]);
  const amount = amountOf(attributes);
  if (amount !== "") facts.push([amount, "bold"]);
  if (status !== "") facts.push([status, styleOf(status)]);
  if (outcome !== "" && outcome !== status) facts.push([`outcome ${outcome}`, styleOf(outcome)]);
  for (const [key, label] of LABELS) {
    const value = show(attributes[key]);
    if (value !== "") facts.push([`${label} ${value}`]);
  }
  return facts;
}

const LABELS = [
  [ATTR_FINANCE_PROVIDER_CALLBACK_TYPE, "callback"],
  [ATTR_FINANCE_FAILURE_DOMAIN, "domain"],
  [ATTR_FINANCE_FAILURE_CODE, "code"],
  [ATTR_MPESA_RESULT_CODE, "M-Pesa result"],
] as const;

/** An event of a span in a few words. */
export function eventText({ name, attributes }: StoredEvent): Segment {
  if (name === "exception") {
    const type = asText(attributes["exception.type"]) || "exception";
    const message = asText(attributes["exception.message"]);
    return [`✗ ${type}${message === "" ? "" : `: ${message}`}`, "red"];
  }
  if (name === EVENT_FINANCE_CALLBACK_DUPLICATE) return ["• duplicate callback", "yellow"];
  if (name !== EVENT_FINANCE_PAYMENT_STATUS_CHANGED) return [`• ${name}`, "dim"];
  const status = asText(attributes[ATTR_FINANCE_PAYMENT_STATUS]);
  const result = show(attributes[ATTR_MPESA_RESULT_CODE]);
  return [
    `• status_changed to ${status}${result === "" ? "" : `, M-Pesa result ${result}`}`,
    styleOf(status),
  ];
}

function amountOf(attributes: Attributes): string {
  const amountMinor = asInteger(attributes[ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]);
  if (amountMinor === undefined) return "";
  const exponent = attributes[ATTR_FINANCE_CURRENCY_EXPONENT];
  return formatMoney(
    amountMinor,
    asText(attributes[ATTR_FINANCE_CURRENCY_CODE]),
    typeof exponent === "number" ? exponent : undefined,
  );
}

function show(value: AttributeValue | undefined): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "bigint"
    ? String(value)
    : "";
}
