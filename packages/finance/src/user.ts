import { type Context, context, createContextKey, type Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CUSTOMER_RISK_BAND,
  ATTR_FINANCE_CUSTOMER_TIER,
  type FinanceAttributes,
} from "@assay/semconv";

/** Who an operation is for, as telemetry may know it: no e-mail, no name, no place. */
export interface User {
  /** Leaves the process as a pseudonym. */
  id: string;
  tier?: NonNullable<FinanceAttributes["finance.customer.tier"]>;
  /** Band of the risk, never the score. */
  riskBand?: NonNullable<FinanceAttributes["finance.customer.risk_band"]>;
  /** What the user may do, in few words of the application: "cashier". */
  roles?: readonly string[];
}

const KEY = createContextKey("assay.finance.user");
// Of OpenTelemetry, whose constants would be a dependency for one name.
const USER_ID = "user.id";
const USER_ROLES = "user.roles";

/** Runs `work` for a user. The user is in the context of this process, and never in baggage. */
export function withUser<T>(user: User, work: () => T): T {
  return context.with(contextOfUser(context.active(), user), work);
}

/** Gives a context for a user. */
export function contextOfUser(parent: Context, user: User): Context {
  return parent.setValue(KEY, user);
}

/** The user for whom the caller works; undefined outside `withUser`. */
export function currentUser(): User | undefined {
  return context.active().getValue(KEY) as User | undefined;
}

/** Writes a user on a span. */
export function setUser(span: Span, { id, tier, riskBand, roles }: User): void {
  span.setAttribute(USER_ID, id);
  if (tier !== undefined) span.setAttribute(ATTR_FINANCE_CUSTOMER_TIER, tier);
  if (riskBand !== undefined) span.setAttribute(ATTR_FINANCE_CUSTOMER_RISK_BAND, riskBand);
  if (roles !== undefined) span.setAttribute(USER_ROLES, [...roles]);
}

/** An operation needs a user and had none. */
export class UserRequiredError extends Error {
  readonly code = "USER_REQUIRED";
  constructor(operation: string) {
    super(`the operation ${operation} needs a user and has none; call it within withUser`);
    this.name = "UserRequiredError";
  }
}
