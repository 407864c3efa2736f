import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  logs,
  SeverityNumber,
} from "@opentelemetry/api";
import { EVENT_FINANCE_OPERATION_COMPLETED, type FinanceAttributes } from "@assay/semconv";
import { SCOPE } from "./instruments.ts";

const KEY = createContextKey("assay.finance.wide");

/** What is known so far of the unit of work that is under way. */
export type WideAttributes = Attributes;

/** All that is known of a unit of work in one record, instead of in many lines. */
export const wide: {
  /** Adds to the record of the unit of work that is under way; outside of one it does nothing. */
  set(attributes: FinanceAttributes): void;
} = {
  set(attributes) {
    const known = currentWideEvent();
    if (known !== undefined) Object.assign(known, attributes);
  },
};

/** The record of the unit of work that is under way. */
export function currentWideEvent(): WideAttributes | undefined {
  return context.active().getValue(KEY) as WideAttributes | undefined;
}

/** Runs `work` as a unit of work with a record of its own; whoever calls emits it at its end. */
export function withWideEvent<T>(known: WideAttributes, work: () => T): T {
  return context.with(inWideEvent(context.active(), known), work);
}

/** Gives a context of a unit of work with a record of its own. */
export function inWideEvent(parent: Context, known: WideAttributes): Context {
  return parent.setValue(KEY, known);
}

/** Emits the record of a unit of work; `WARN` when it did not complete. */
export function emitWideEvent(known: WideAttributes, hasCompleted: boolean): void {
  const [severityText, severityNumber] = hasCompleted
    ? (["INFO", SeverityNumber.INFO] as const)
    : (["WARN", SeverityNumber.WARN] as const);
  logs.getLogger(SCOPE).emit({
    eventName: EVENT_FINANCE_OPERATION_COMPLETED,
    severityNumber,
    severityText,
    body: EVENT_FINANCE_OPERATION_COMPLETED,
    attributes: known,
  });
}
