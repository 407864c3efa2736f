import { context, isSpanContextValid, trace } from "@opentelemetry/api";
import type { Draft } from "./draft.ts";
import type { Payment } from "./payment.ts";
import { currentWideEvent, emitWideEvent, inWideEvent } from "./wide-event.ts";

/** Runs the work of a payment in its span, as a unit of work. */
export function inUnitOfWork<T>(
  { span, known }: Draft,
  work: (payment: Payment) => Promise<T>,
  payment: Payment,
): Promise<T> {
  // A span that records nothing is no parent for anyone, and keeping it costs as much as all the rest.
  if (!isSpanContextValid(span.spanContext())) return work(payment);
  const inTrace = trace.setSpan(context.active(), span);
  // In an operation `wide.set` adds to its record; that of the payment joins it at the end.
  return currentWideEvent() === undefined
    ? context.with(inWideEvent(inTrace, known), work, undefined, payment)
    : context.with(inTrace, work, undefined, payment);
}

/** Emits what is known of a payment, with its span's ids, or adds it to the record of the operation around it. */
export function recordUnitOfWork({ span, known }: Draft, hasCompleted: boolean): void {
  const operation = currentWideEvent();
  if (operation === undefined) {
    context.with(
      trace.setSpan(context.active(), span),
      emitWideEvent,
      undefined,
      known,
      hasCompleted,
    );
  } else {
    // The operation's name and outcome are its own.
    for (const [key, value] of Object.entries(known)) operation[key] ??= value;
  }
}
