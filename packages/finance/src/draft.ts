import type { Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_PAYMENT_DIRECTION,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PAYMENT_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
  type Money,
  money,
} from "@assay/semconv";
import { amountAttributes } from "./amount.ts";
import type { Checkpoint } from "./checkpoint.ts";
import type { PaymentStatus } from "./outcome.ts";
import type { Rail } from "./rail.ts";
import { setTenant, type Tenant } from "./tenant.ts";
import type { WideAttributes } from "./wide-event.ts";

/** What is known of a payment while its work runs. */
export interface Draft {
  id: string;
  rail: Rail;
  railName: string;
  status: PaymentStatus;
  /** The state that is durable; undefined when nothing is. */
  saved: PaymentStatus | undefined;
  span: Span;
  /** Of the initiation's span. */
  traceparent: string | null;
  /** Milliseconds since 1970. */
  startedAt: number;
  amount: Money | undefined;
  tenant: Tenant | undefined;
  /** All that is known of it, for the record of the unit of work. */
  known: WideAttributes;
}

/** Writes what a payment is on its span, and into what is known of it. */
export function describe({ id, rail, status, span, amount, tenant, known }: Draft): void {
  const attributes: WideAttributes = {
    [ATTR_FINANCE_PAYMENT_ID]: id,
    [ATTR_FINANCE_PAYMENT_TYPE]: rail.type,
    [ATTR_FINANCE_PAYMENT_METHOD]: rail.method,
    [ATTR_FINANCE_PAYMENT_STATUS]: status,
    [ATTR_FINANCE_PROVIDER_NAME]: rail.provider,
    [ATTR_FINANCE_PROVIDER_OPERATION_NAME]: rail.api,
  };
  if (rail.direction !== undefined) attributes[ATTR_FINANCE_PAYMENT_DIRECTION] = rail.direction;
  if (amount !== undefined) Object.assign(attributes, amountAttributes(amount));
  span.setAttributes(attributes);
  Object.assign(known, attributes);
  if (tenant !== undefined) setTenant(span, tenant);
}

/** Goes on with a payment from what was kept of it. */
export function resumed(kept: Checkpoint, rail: Rail, span: Span): Draft {
  return {
    id: kept.paymentId,
    rail,
    railName: kept.rail,
    status: kept.status,
    saved: kept.status,
    span,
    traceparent: kept.traceparent,
    startedAt: kept.startedAt,
    amount: amountOf(kept),
    tenant: tenantOf(kept),
    known: {},
  };
}

function amountOf({ currency, amountMinor }: Checkpoint): Money | undefined {
  return currency === null || amountMinor === null
    ? undefined
    : money(currency, BigInt(amountMinor));
}

function tenantOf({ tenantId, tenantTier }: Checkpoint): Tenant | undefined {
  if (tenantId === null) return undefined;
  return tenantTier === null ? { id: tenantId } : ({ id: tenantId, tier: tenantTier } as Tenant);
}
