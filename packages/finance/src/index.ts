export { type Checkpoint, CHECKPOINT_SCHEMA, type References, type Sql } from "./checkpoint.ts";
export {
  createFailureCatalogue,
  type FailureCatalogue,
  type FailureTable,
  type KnownFailure,
} from "./failure-catalogue.ts";
export type { Failure, FailureDomain, PaymentOutcome, PaymentStatus } from "./outcome.ts";
export type { Details, FailureGiven, Payment, Step } from "./payment.ts";
export {
  createPayments,
  type Finding,
  type Initiation,
  type Payments,
  type PaymentsOptions,
  type Refund,
  type Resumed,
} from "./payments.ts";
export type { Rail } from "./rail.ts";
export type { OperationCategory, ThresholdOptions } from "./thresholds.ts";
