import { type Counter, type Span, SpanKind, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PROVIDER_NAME,
  type Money,
} from "@assay/semconv";
import { addMoney, setAmount } from "./amount.ts";
import { blameSpan } from "./blame.ts";
import { SCOPE } from "./instruments.ts";
import { type Rail, railLabels } from "./rail.ts";
import { failureOf } from "./thrown.ts";

/** Money that goes back. */
export interface Refund<Name extends string> {
  /** Of the payment that brought it. */
  paymentId: string;
  rail: Name;
  amount: Money;
}

/** Runs `work` in a span of a refund, and counts the money once it has gone back. */
export function giveBack<T>(
  { paymentId, amount }: Omit<Refund<string>, "rail">,
  rail: Rail,
  refunds: Counter | undefined,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const options = { kind: SpanKind.CLIENT };
  return trace
    .getTracer(SCOPE)
    .startActiveSpan(`refund ${rail.provider}`, options, async (span) => {
      span.setAttribute(ATTR_FINANCE_PAYMENT_ID, paymentId);
      span.setAttribute(ATTR_FINANCE_PROVIDER_NAME, rail.provider);
      setAmount(span, amount);
      try {
        const value = await work(span);
        span.setAttribute(ATTR_FINANCE_OUTCOME, "completed");
        const labels = { ...railLabels(rail), [ATTR_FINANCE_CURRENCY_CODE]: amount.currency };
        if (refunds !== undefined) addMoney(refunds, amount, labels);
        return value;
      } catch (error) {
        const { outcome, domain } = failureOf(error);
        span.setAttribute(ATTR_FINANCE_OUTCOME, outcome);
        span.setAttribute(ATTR_FINANCE_FAILURE_DOMAIN, domain);
        blameSpan(span, error);
        throw error;
      } finally {
        span.end();
      }
    });
}
