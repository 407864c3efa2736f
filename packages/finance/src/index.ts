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
  type Resumed,
} from "./payments.ts";
export type { Rail } from "./rail.ts";
export type { OperationCategory, ThresholdOptions } from "./thresholds.ts";
export { type SecurityEvent, securityEvent } from "./security-event.ts";
export {
  assertTenant,
  currentTenant,
  type Tenant,
  TenantMismatchError,
  withTenant,
} from "./tenant.ts";
export {
  createTenantBuckets,
  type TenantBucketOptions,
  type TenantBuckets,
} from "./tenant-buckets.ts";
export type { Refund } from "./refund.ts";
export {
  financialOperation,
  type OpenOperation,
  operation,
  type Operation,
  type OperationOptions,
  startOperation,
} from "./operation.ts";
export { observePending, type Pending, pendingIn } from "./pending.ts";
export { currentUser, type User, UserRequiredError, withUser } from "./user.ts";
export { wide } from "./wide-event.ts";
export {
  captureFinancialError,
  type CapturedError,
  type CaptureOptions,
  type ErrorCategory,
  type ErrorSeverity,
} from "./error-capture.ts";
export {
  type ClosedLabels,
  defineInstrument,
  type InstrumentDefinition,
  type OwnInstrument,
} from "./define-instrument.ts";
export type { Undeclared } from "./declared-labels.ts";
export {
  type FinanceMeter,
  financeMeter,
  type FinanceMeterOptions,
  type LabelsOf,
  type Measure,
} from "./finance-meter.ts";
export { observeRateLimits } from "./provider-rate-limits.ts";
export { observeQuota, type QuotaOptions, type QuotaUse } from "./quota.ts";
export {
  createRateLimit,
  type RateLimit,
  type RateLimitHit,
  type RateLimitHits,
  rateLimitHits,
  type RateLimitPolicy,
  type RateLimitVerdict,
} from "./rate-limit.ts";
export { rateLimitHeaders, type RateLimitTold } from "./rate-limit-headers.ts";
export { type HeadersLike, type RateLimitState, readRateLimits } from "./rate-limit-reading.ts";
export {
  createWindowLimiter,
  type RateLimitUse,
  type WindowLimiter,
  type WindowLimiterOptions,
} from "./window-limiter.ts";
export {
  type AuthAttempt,
  type Authentication,
  type AuthenticationOptions,
  type AuthMethod,
  type AuthOutcome,
  createAuthentication,
} from "./authentication.ts";
export { authFailureReason, type AuthFailureReason } from "./auth-reason.ts";
export {
  type CacheOptions,
  type CacheResult,
  type CacheStore,
  type ObservedCache,
  observeCaches,
} from "./cache.ts";
export {
  type Cipher,
  createCryptoSelfTest,
  type CryptoSelfTest,
  type CryptoSelfTestOptions,
} from "./crypto-self-test.ts";
export { type ConnectionPool, observePool } from "./pool.ts";
export type { ClientPlatform, VersionBuckets } from "./client-metrics.ts";
export type { RequestContextOptions, RequestUser } from "./request-context.ts";
