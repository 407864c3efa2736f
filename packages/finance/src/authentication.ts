import { type Attributes, type Counter, diag, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_AUTH_FAILURE_REASON,
  ATTR_FINANCE_AUTH_METHOD,
  ATTR_FINANCE_AUTH_OUTCOME,
  EVENT_FINANCE_AUTH_ATTEMPT,
  EVENT_FINANCE_AUTH_LOCKOUT,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_AUTH_ATTEMPTS,
} from "@assay/semconv";
import { authFailureReason, type AuthFailureReason } from "./auth-reason.ts";
import { messageOf } from "./blame.ts";
import { createCounter } from "./instruments.ts";
import { isPromise } from "./promise.ts";
import { emit, type SecurityEvent, securityEvent } from "./security-event.ts";

export type AuthMethod = NonNullable<FinanceAttributes["finance.auth.method"]>;
export type AuthOutcome = NonNullable<FinanceAttributes["finance.auth.outcome"]>;

export interface AuthAttempt<Method extends AuthMethod = AuthMethod> {
  method: Method;
  outcome: AuthOutcome;
  /** Why it failed; `other` when nobody says. Nothing else than `failure` has one. */
  reason?: AuthFailureReason;
  /** Goes on the event, not on the metric: `finance.auth.api_key.id`, `finance.auth.mfa.used`. */
  attributes?: FinanceAttributes;
}

export interface AuthenticationOptions<Method extends AuthMethod> {
  /** How callers of this service authenticate. Each begins with all of its outcomes and reasons at zero. */
  methods: readonly Method[];
  /** Knows errors of the application's own; what it gives undefined for is asked of `authFailureReason`. */
  reasonOf?: (error: unknown) => AuthFailureReason | undefined;
}

/** Records who was let in and who was not. */
export interface Authentication<Method extends AuthMethod> {
  /** Records an attempt that the application has judged itself. Never throws. */
  attempt(attempt: AuthAttempt<Method>): void;
  /**
   * Runs a verification and records how it ended. What it gives and throws is given and thrown unchanged.
   *
   * Whoever throws, and whoever gives `false`, `null` or `undefined`, has not authenticated.
   */
  verify<T>(method: Method, work: () => T): T;
}

// An object, so that one that the registry gets and this lacks does not compile.
const REASONS = {
  invalid_credentials: true,
  unknown_user: true,
  expired: true,
  bad_signature: true,
  wrong_algorithm: true,
  unknown_key: true,
  wrong_audience: true,
  wrong_issuer: true,
  not_yet_valid: true,
  malformed: true,
  missing: true,
  revoked: true,
  locked: true,
  mfa_failed: true,
  not_permitted: true,
  rate_limited: true,
  unavailable: true,
  other: true,
} satisfies Record<AuthFailureReason, true>;

// What happens to nobody by mistake. A wrong password does: how many are too many is for an alert to say.
const SUSPICIOUS: Partial<Record<AuthFailureReason, Pick<SecurityEvent, "type" | "severity">>> = {
  bad_signature: { type: "invalid_signature", severity: "medium" },
  wrong_algorithm: { type: "invalid_signature", severity: "high" },
  revoked: { type: "replay", severity: "medium" },
};

/**
 * Makes what counts attempts to authenticate, by method, outcome and a closed list of reasons.
 *
 * Each attempt is an event on the active span, and one that failed is a log record too. A bad signature, an algorithm
 * that is not allowed and a revoked credential are security events besides. The credential is never looked at.
 *
 * @example
 * const authentication = createAuthentication({ methods: ["jwt", "pin"] });
 * const { payload } = await authentication.verify("jwt", () => jwtVerify(token, keys, { audience: "payments" }));
 */
export function createAuthentication<Method extends AuthMethod>({
  methods,
  reasonOf,
}: AuthenticationOptions<Method>): Authentication<Method> {
  const attempts = createCounter(INSTRUMENT_FINANCE_AUTH_ATTEMPTS);
  for (const method of methods) beginAtZero(attempts, method);

  const attempt = ({ method, outcome, reason, attributes = {} }: AuthAttempt<Method>): void => {
    const why = outcome === "failure" ? (known(reason) ?? "other") : undefined;
    const labels = labelsOf(method, outcome, why);
    attempts.add(1, labels);
    const told = { ...labels, ...attributes };
    if (outcome === "locked") emit(EVENT_FINANCE_AUTH_LOCKOUT, told, "WARN");
    else if (outcome === "failure") emit(EVENT_FINANCE_AUTH_ATTEMPT, told, "WARN");
    else trace.getActiveSpan()?.addEvent(EVENT_FINANCE_AUTH_ATTEMPT, told);
    const suspicious = why === undefined ? undefined : SUSPICIOUS[why];
    if (suspicious !== undefined) {
      securityEvent({ ...suspicious, action: "denied", attributes: told });
    }
  };

  const judge = (method: Method, value: unknown): void => {
    const isRefused = value === false || value === null || value === undefined;
    if (isRefused) attempt({ method, outcome: "failure", reason: "invalid_credentials" });
    else attempt({ method, outcome: "success" });
  };
  const blame = (method: Method, error: unknown): void => {
    attempt({ method, outcome: "failure", reason: reasonFor(error, reasonOf) });
  };

  return {
    attempt,
    verify(method, work) {
      let value;
      try {
        value = work();
      } catch (error) {
        blame(method, error);
        throw error;
      }
      if (!isPromise(value)) {
        judge(method, value);
        return value;
      }
      const judged = value.then(
        (result) => {
          judge(method, result);
          return result;
        },
        (error: unknown) => {
          blame(method, error);
          throw error;
        },
      );
      return judged as typeof value;
    },
  };
}

function reasonFor(
  error: unknown,
  reasonOf: AuthenticationOptions<never>["reasonOf"],
): AuthFailureReason {
  let own: AuthFailureReason | undefined;
  try {
    own = reasonOf?.(error);
  } catch (thrown) {
    // The verification's own error is what the caller must get.
    diag.warn(`reasonOf failed: ${messageOf(thrown)}`);
  }
  return known(own) ?? authFailureReason(error);
}

// One that is not of the list would be a series of its own.
function known(reason: AuthFailureReason | undefined): AuthFailureReason | undefined {
  return reason !== undefined && Object.hasOwn(REASONS, reason) ? reason : undefined;
}

// A counter that first appears at 1 has no increase that `increase()` could see.
function beginAtZero(attempts: Counter, method: AuthMethod): void {
  for (const outcome of ["success", "challenge", "locked"] as const) {
    attempts.add(0, labelsOf(method, outcome));
  }
  for (const reason of Object.keys(REASONS) as AuthFailureReason[]) {
    attempts.add(0, labelsOf(method, "failure", reason));
  }
}

function labelsOf(
  method: AuthMethod,
  outcome: AuthOutcome,
  reason?: AuthFailureReason,
): Attributes & FinanceAttributes {
  return {
    [ATTR_FINANCE_AUTH_METHOD]: method,
    [ATTR_FINANCE_AUTH_OUTCOME]: outcome,
    ...(reason !== undefined && { [ATTR_FINANCE_AUTH_FAILURE_REASON]: reason }),
  };
}
