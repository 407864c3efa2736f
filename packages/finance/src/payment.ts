import type { Attributes, Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_ERROR_RETRYABLE,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_FEE_MINOR,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_PREVIOUS_STATUS,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_TENANT_TIER,
  EVENT_FINANCE_PAYMENT_STATUS_CHANGED,
  EVENT_FINANCE_PAYMENT_TRANSITION_REFUSED,
  type FinanceAttributes,
  type Money,
} from "@assay/semconv";
import { addMoney, setMoney } from "./amount.ts";
import { ERROR_TYPE } from "./blame.ts";
import { type References, saveCheckpoint, type Sql } from "./checkpoint.ts";
import type { Draft } from "./draft.ts";
import { OTHER } from "./buckets.ts";
import type { FailureCatalogue, KnownFailure } from "./failure-catalogue.ts";
import type { Ended } from "./operation-clock.ts";
import { type Failure, isError, type PaymentStatus } from "./outcome.ts";
import { PaymentFailure } from "./payment-failure.ts";
import {
  failureLabels,
  type PaymentMetrics,
  refusalLabels,
  withDirection,
} from "./payment-metrics.ts";
import { railLabels } from "./rail.ts";
import { isFinal, isLegal } from "./transitions.ts";

/** More about a change of state; attributes are the registry's, and go on the span. */
export interface Details {
  attributes?: FinanceAttributes;
  fee?: Money;
}

/** A failure by the provider's code, which the catalogue looks up, or by what it means. */
export type FailureGiven =
  | { code: string; message?: string }
  | (Failure & { code?: string; message?: string });

/** The states that need no word about whose failure it is. */
export type Step = Exclude<PaymentStatus, Failure["outcome"]>;

/** A payment that is under way, as its work sees it. No method but `checkpoint` waits or throws. */
export interface Payment {
  readonly id: string;
  readonly status: PaymentStatus;
  /** The span of this part of the payment; an ordinary span of OpenTelemetry. */
  readonly span: Span;
  /** Goes to another state. One that is not legal from here is recorded and counted, and gives false. */
  transition(status: Step, details?: Details): boolean;
  /** The money has moved. */
  complete(details?: Details): boolean;
  /** It ended in another way. The span is an error unless it is up to the customer. */
  fail(failure: FailureGiven, details?: Details): boolean;
  /**
   * Makes the state durable, with the provider's names for the payment. Rejects as the client does.
   *
   * Gives false when another one was first: a callback that is also being worked on, or a query. Then roll back.
   */
  checkpoint(sql: Sql, references?: References): Promise<boolean>;
}

/** A payment under way, with what its run needs at the end. A class, since one is made for every payment. */
export class UnderWay implements Payment {
  readonly span: Span;
  readonly #draft: Draft;
  readonly #metrics: PaymentMetrics | undefined;
  readonly #catalogue: FailureCatalogue;
  readonly #began: PaymentStatus;
  #failure: KnownFailure | undefined;
  #code: string | undefined;
  #reason: PaymentFailure | undefined;
  #fee: Money | undefined;
  #isLost = false;

  /** Without `metrics` nothing is counted. */
  constructor(draft: Draft, metrics: PaymentMetrics | undefined, catalogue: FailureCatalogue) {
    this.span = draft.span;
    this.#draft = draft;
    this.#metrics = metrics;
    this.#catalogue = catalogue;
    this.#began = draft.status;
  }

  get id(): string {
    return this.#draft.id;
  }

  get status(): PaymentStatus {
    return this.#draft.status;
  }

  transition(status: Step, details?: Details): boolean {
    // JavaScript may ask for what the type refuses; then nobody has said whose failure it is.
    if (isOutcome(status)) {
      return this.fail({ outcome: status, domain: "platform", retriable: false }, details);
    }
    return status === "completed" ? this.complete(details) : this.#go(status, details);
  }

  complete(details?: Details): boolean {
    return this.#go("completed", details);
  }

  fail(given: FailureGiven, details?: Details): boolean {
    const { provider, api } = this.#draft.rail.failures ?? this.#draft.rail;
    const { code } = given;
    // Whoever says what a code means may have it from the provider, and only the catalogue's are few.
    const known = code === undefined ? undefined : this.#catalogue.find(provider, api, code);
    const found = "outcome" in given ? { ...given, label: known?.label ?? OTHER } : known!;
    if (!this.#go(found.outcome, details, found, code)) return false;
    this.#failure = found;
    this.#code = code;
    if (isError(found)) {
      const what = given.message ?? `${provider} ${api} ${code ?? found.outcome}`;
      this.#reason = new PaymentFailure(what, found.label);
    }
    return true;
  }

  async checkpoint(sql: Sql, references: References = {}): Promise<boolean> {
    const draft = this.#draft;
    const row = {
      paymentId: draft.id,
      rail: draft.railName,
      status: draft.status,
      traceparent: draft.traceparent,
      startedAt: draft.startedAt,
      currency: draft.amount?.currency ?? null,
      amountMinor: draft.amount?.minor.toString() ?? null,
      tenantId: draft.tenant?.id ?? null,
      tenantTier: draft.tenant?.tier ?? null,
    };
    const isFirst = await saveCheckpoint(sql, row, { previous: draft.saved, references });
    if (isFirst) draft.saved = row.status;
    else this.#isLost = true;
    return isFirst;
  }

  /** How this part of it ended; one that goes on elsewhere has completed what it had to do. */
  ended(): Ended {
    return this.#ending() ?? COMPLETED;
  }

  /** True once the work has said how it ended. */
  hasEnded(): boolean {
    const { status } = this.#draft;
    return status !== this.#began && (isFinal(status) || status === "unknown");
  }

  /**
   * Writes on the span how it ended: at its end, as `unknown` may become anything until then. Where another one was first
   * it is that one's to say.
   */
  describeEnding(): void {
    if (!this.span.isRecording() || !this.hasEnded()) return;
    if (this.#isLost || isFinal(this.#began)) return;
    const failure = this.#ending();
    const attributes: Attributes = { [ATTR_FINANCE_OUTCOME]: failure?.outcome ?? "completed" };
    if (failure !== undefined) {
      attributes[ATTR_FINANCE_FAILURE_DOMAIN] = failure.domain;
      attributes[ATTR_FINANCE_ERROR_RETRYABLE] = failure.retriable;
      if (this.#code !== undefined) {
        attributes[ATTR_FINANCE_FAILURE_CODE] = this.#code;
        if (this.#reason !== undefined) attributes[ERROR_TYPE] = failure.label;
      }
    }
    this.span.setAttributes(attributes);
    Object.assign(this.#draft.known, attributes);
  }

  /** Why it failed, when someone other than the customer has to put it right. */
  reason(): PaymentFailure | undefined {
    return this.#reason;
  }

  /** True when another one was first to change its state; what the work throws then is its way to roll back. */
  isLost(): boolean {
    return this.#isLost;
  }

  /** True when its state has changed since it was made durable. */
  isUnsaved(): boolean {
    return this.#draft.saved !== undefined && this.#draft.saved !== this.#draft.status;
  }

  /** Counts the payment if it has come to its outcome in this run. */
  count(): void {
    const metrics = this.#metrics;
    const { status, amount, rail, startedAt } = this.#draft;
    if (metrics === undefined) return;
    const labels: Attributes = railLabels(rail);
    if (amount !== undefined) labels[ATTR_FINANCE_CURRENCY_CODE] = amount.currency;
    if (status === "unknown" && this.#began !== "unknown") metrics.unsettled.add(1, labels);
    if (!isFinal(status) || isFinal(this.#began)) return;
    const failure = this.#ending();
    const ended: Attributes = {
      ...labels,
      [ATTR_FINANCE_OUTCOME]: failure?.outcome ?? "completed",
    };
    if (failure !== undefined) ended[ATTR_FINANCE_FAILURE_DOMAIN] = failure.domain;
    metrics.transactions.add(1, ended);
    const ofTenant = this.#countForTenant(failure);
    const tier = ofTenant?.[ATTR_FINANCE_TENANT_TIER];
    // Clocks of two hosts differ, and a duration is never below 0.
    const seconds = Math.max(0, Date.now() - startedAt) / 1_000;
    metrics.durations.record(
      seconds,
      tier === undefined ? ended : { ...ended, [ATTR_FINANCE_TENANT_TIER]: tier },
    );
    if (failure !== undefined) {
      metrics.failures.add(1, failureLabels(railLabels(rail), failure.label, failure.domain));
    } else {
      addMoney(metrics.amounts, amount, { ...withDirection(labels, rail), ...ofTenant });
      addMoney(metrics.fees, this.#fee, labels);
    }
  }

  #ending(): KnownFailure | undefined {
    return this.#failure ?? (this.status === "reversed" ? REVERSED : undefined);
  }

  #countForTenant(failure: KnownFailure | undefined) {
    const tenants = this.#metrics?.tenants;
    const labels = tenants?.labels(this.#draft.tenant);
    if (tenants === undefined || labels === undefined) return undefined;
    const ended: Attributes = {
      ...labels,
      [ATTR_FINANCE_OUTCOME]: failure?.outcome ?? "completed",
    };
    if (failure !== undefined) ended[ATTR_FINANCE_FAILURE_DOMAIN] = failure.domain;
    tenants.payments.add(1, ended);
    return labels;
  }

  #go(status: PaymentStatus, details?: Details, failure?: Failure, code?: string): boolean {
    const draft = this.#draft;
    if (!isLegal(draft.status, status)) {
      this.#refuse(draft.status, status);
      return false;
    }
    this.#failure = this.#code = this.#reason = undefined;
    draft.status = status;
    this.#fee = details?.fee ?? this.#fee;
    const { span } = this;
    if (!span.isRecording()) return true;
    draft.known[ATTR_FINANCE_PAYMENT_STATUS] = status;
    span.setAttribute(ATTR_FINANCE_PAYMENT_STATUS, status);
    if (details?.attributes !== undefined) {
      span.setAttributes(details.attributes);
      Object.assign(draft.known, details.attributes);
    }
    setMoney(span, ATTR_FINANCE_PAYMENT_FEE_MINOR, details?.fee);
    const changed: Attributes = {
      [ATTR_FINANCE_PAYMENT_ID]: draft.id,
      [ATTR_FINANCE_PAYMENT_STATUS]: status,
      [ATTR_FINANCE_PROVIDER_NAME]: draft.rail.provider,
    };
    if (failure !== undefined) {
      changed[ATTR_FINANCE_OUTCOME] = failure.outcome;
      changed[ATTR_FINANCE_FAILURE_DOMAIN] = failure.domain;
    } else if (status === "completed") changed[ATTR_FINANCE_OUTCOME] = "completed";
    if (code !== undefined) changed[ATTR_FINANCE_FAILURE_CODE] = code;
    span.addEvent(EVENT_FINANCE_PAYMENT_STATUS_CHANGED, changed);
    return true;
  }

  #refuse(from: PaymentStatus, to: PaymentStatus): void {
    const { id, rail } = this.#draft;
    this.#metrics?.refusedTransitions.add(1, refusalLabels(rail, from, to));
    this.span.addEvent(EVENT_FINANCE_PAYMENT_TRANSITION_REFUSED, {
      [ATTR_FINANCE_PAYMENT_STATUS]: to,
      [ATTR_FINANCE_PAYMENT_PREVIOUS_STATUS]: from,
      [ATTR_FINANCE_PAYMENT_ID]: id,
    });
  }
}

const COMPLETED: Ended = { outcome: "completed" };
// Given up before the money was counted: an authorization that was voided, or what turned out to be reversed.
const REVERSED: KnownFailure = {
  outcome: "cancelled",
  domain: "merchant",
  retriable: false,
  label: OTHER,
};

function isOutcome(status: PaymentStatus): status is Failure["outcome"] {
  return (
    status === "failed" || status === "cancelled" || status === "expired" || status === "unknown"
  );
}
