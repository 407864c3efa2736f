import type { Attributes, Span } from "@opentelemetry/api";
import {
  ATTR_FINANCE_PAYMENT_DIRECTION,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PAYMENT_STATUS,
  ATTR_FINANCE_PAYMENT_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
  type Money,
} from "@assay/semconv";
import { setAmount } from "./amount.ts";
import type { PaymentStatus } from "./outcome.ts";
import type { Rail } from "./rail.ts";

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
}

/** Writes on its span what a payment is. */
export function describe({ id, rail, status, span, amount }: Draft): void {
  const attributes: Attributes = {
    [ATTR_FINANCE_PAYMENT_ID]: id,
    [ATTR_FINANCE_PAYMENT_TYPE]: rail.type,
    [ATTR_FINANCE_PAYMENT_METHOD]: rail.method,
    [ATTR_FINANCE_PAYMENT_STATUS]: status,
    [ATTR_FINANCE_PROVIDER_NAME]: rail.provider,
    [ATTR_FINANCE_PROVIDER_OPERATION_NAME]: rail.api,
  };
  if (rail.direction !== undefined) attributes[ATTR_FINANCE_PAYMENT_DIRECTION] = rail.direction;
  span.setAttributes(attributes);
  setAmount(span, amount);
}
