// Each line under a directive is refused by the compiler; test/types.test.ts checks that it is, and for which reason.
import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_AMOUNT_MINOR,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_TENANT_ID,
  ATTR_FINANCE_WALLET_ID,
  EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
  eventAttributes,
  type FinanceAttributes,
  financeAttributes,
  FINANCE_OUTCOME_VALUE_COMPLETED,
  type Instrument,
  INSTRUMENT_FINANCE_PAYMENT_DURATION,
  METRIC_FINANCE_PAYMENT_DURATION,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
  metricAttributes,
  minorUnits,
  money,
  SPAN_FINANCE_LEDGER_POST,
  SPAN_FINANCE_PAYMENT_INITIATE,
  spanAttributes,
} from "../../src/index.ts";
import type { Attributes } from "@opentelemetry/api";

const counted = {
  [ATTR_FINANCE_OUTCOME]: FINANCE_OUTCOME_VALUE_COMPLETED,
  [ATTR_FINANCE_PAYMENT_METHOD]: "mobile_money",
} as const;

const withPan = {
  [ATTR_FINANCE_PAYMENT_STATUS]: "completed",
  "finance.card.pan": "4111111111111111",
} as const;

// What is right compiles.
export const right: Attributes = financeAttributes({
  [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: minorUnits(money("KES", 150_000n)),
  [ATTR_FINANCE_PAYMENT_STATUS]: "completed",
});
export const rightMetric: Attributes = metricAttributes(METRIC_FINANCE_PAYMENT_DURATION, counted);
export const rightInstrument: Instrument = INSTRUMENT_FINANCE_PAYMENT_DURATION;
export const rightSpan = spanAttributes(SPAN_FINANCE_PAYMENT_INITIATE, {
  [ATTR_FINANCE_TENANT_ID]: "org_42",
});

export const floatAmount = financeAttributes({
  // @ts-expect-error a float as an amount
  [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: 29.99,
});
export const plainAmount: FinanceAttributes = {
  // @ts-expect-error a number that did not come from money
  [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: 150_000,
};
export const bigAmount = financeAttributes({
  // @ts-expect-error a BigInt as an amount
  [ATTR_FINANCE_PAYMENT_AMOUNT_MINOR]: 150_000n,
});
export const pan = financeAttributes({
  // @ts-expect-error a key for a card number
  "finance.card.pan": "4111111111111111",
});
export const cvv: FinanceAttributes = {
  // @ts-expect-error a key for a card verification code
  "finance.card.cvv": "123",
};
// @ts-expect-error a key for a card number in an object made before
export const madeBefore = financeAttributes(withPan);
export const undeclared = financeAttributes({
  // @ts-expect-error a value that the enum does not have
  [ATTR_FINANCE_PAYMENT_STATUS]: "succeeded",
});
export const tenantLabel = metricAttributes(METRIC_FINANCE_PAYMENT_DURATION, {
  ...counted,
  // @ts-expect-error an unbounded attribute as a label
  [ATTR_FINANCE_TENANT_ID]: "org_42",
});
export const paymentLabel = metricAttributes(METRIC_FINANCE_PAYMENT_TRANSACTIONS, {
  ...counted,
  [ATTR_FINANCE_CURRENCY_CODE]: "KES",
  // @ts-expect-error an unbounded attribute as a label
  [ATTR_FINANCE_PAYMENT_ID]: "pay_01HZX",
});
export const missingLabel = metricAttributes(
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
  // @ts-expect-error a label that the metric requires is missing
  counted,
);
export const foreignSpan = spanAttributes(SPAN_FINANCE_LEDGER_POST, {
  // @ts-expect-error an attribute that the span does not have
  [ATTR_FINANCE_WALLET_ID]: "wal_01H",
});
export const foreignEvent = eventAttributes(EVENT_FINANCE_PAYMENT_STATUS_CHANGED, {
  [ATTR_FINANCE_PAYMENT_ID]: "pay_01HZX",
  [ATTR_FINANCE_PAYMENT_STATUS]: "completed",
  // @ts-expect-error an attribute that the event does not have
  [ATTR_FINANCE_WALLET_ID]: "wal_01H",
});
// @ts-expect-error a metric that the registry does not have
export const noMetric = metricAttributes("finance.payment.mood", counted);
