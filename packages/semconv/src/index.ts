// generated: namespaces
export * from "./generated/aml.ts";
export * from "./generated/assay.ts";
export * from "./generated/audit.ts";
export * from "./generated/auth.ts";
export * from "./generated/budget.ts";
export * from "./generated/card.ts";
export * from "./generated/client.ts";
export * from "./generated/compliance.ts";
export * from "./generated/currency.ts";
export * from "./generated/error.ts";
export * from "./generated/fx.ts";
export * from "./generated/idempotency.ts";
export * from "./generated/instruments.ts";
export * from "./generated/kyc.ts";
export * from "./generated/ledger.ts";
export * from "./generated/license.ts";
export * from "./generated/mpesa.ts";
export * from "./generated/operation.ts";
export * from "./generated/outcome.ts";
export * from "./generated/party.ts";
export * from "./generated/payment.ts";
export * from "./generated/provider.ts";
export * from "./generated/quota.ts";
export * from "./generated/redaction.ts";
export * from "./generated/remittance.ts";
export * from "./generated/revenue.ts";
export * from "./generated/schema-url.ts";
export * from "./generated/security.ts";
export * from "./generated/settlement.ts";
export * from "./generated/severities.ts";
export * from "./generated/tenant.ts";
export * from "./generated/wallet.ts";
// end generated
export {
  eventAttributes,
  financeAttributes,
  metricAttributes,
  spanAttributes,
} from "./attributes.ts";
export { errorIdOf, sameError } from "./error-id.ts";
export { currencies, type Currency, currencyOf } from "./currencies.ts";
export { type MinorUnits, minorUnits } from "./minor-units.ts";
export {
  addMoney,
  allocateMoney,
  compareMoney,
  decimalOf,
  formatMoney,
  isZeroMoney,
  money,
  type Money,
  MoneyError,
  type MoneyErrorCode,
  moneyFromJson,
  type MoneyJson,
  multiplyMoney,
  negateMoney,
  parseMoney,
  subtractMoney,
} from "./money.ts";
export { type NamedInstrument, toPrometheusName } from "./prometheus-name.ts";
export type { Instrument, Threshold } from "./instrument.ts";
export type {
  EventAttributes,
  FinanceAttributes,
  MetricAttributes,
  SpanAttributes,
} from "./generated/attribute-types.ts";
