import { type Attributes, type Context, createContextKey } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { ATTR_FINANCE_CUSTOMER_RISK_BAND, ATTR_FINANCE_CUSTOMER_TIER } from "@assay/semconv/party";
import { ATTR_FINANCE_TENANT_ID, ATTR_FINANCE_TENANT_TIER } from "@assay/semconv/tenant";

// As `withTenant` and `withUser` of @assay/finance set them; a key is known by its description.
const TENANT = createContextKey("assay.finance.tenant");
const USER = createContextKey("assay.finance.user");
const USER_ID = "user.id";
const USER_ROLES = "user.roles";
// What the plugins of @assay/finance know of the request: its client, its idempotency key, its session.
const REQUEST = createContextKey("assay.finance.request");

interface Tenant {
  id: string;
  tier?: string;
}

interface User {
  id: string;
  tier?: string;
  riskBand?: string;
  roles?: readonly string[];
}

/** Writes on each span for whom it is, as the context says: tenant and user. The gate makes a pseudonym of the user. */
export function markSpans(): SpanProcessor {
  return {
    onStart(span, context) {
      const attributes = attributesOf(context);
      if (attributes !== undefined) span.setAttributes(attributes);
    },
    onEnd() {},
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

/** The same for log records, and from what client the request came, which of the spans only the server's says. */
export function markRecords(): LogRecordProcessor {
  return {
    onEmit(record, context) {
      if (context === undefined) return;
      const request = context.getValue(REQUEST) as Attributes | undefined;
      if (request !== undefined) record.setAttributes(request);
      const attributes = attributesOf(context);
      if (attributes !== undefined) record.setAttributes(attributes);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
}

function attributesOf(context: Context): Attributes | undefined {
  const tenant = context.getValue(TENANT) as Tenant | undefined;
  const user = context.getValue(USER) as User | undefined;
  if (tenant === undefined && user === undefined) return undefined;
  const attributes: Attributes = {};
  if (tenant !== undefined) {
    attributes[ATTR_FINANCE_TENANT_ID] = tenant.id;
    if (tenant.tier !== undefined) attributes[ATTR_FINANCE_TENANT_TIER] = tenant.tier;
  }
  if (user !== undefined) {
    attributes[USER_ID] = user.id;
    if (user.tier !== undefined) attributes[ATTR_FINANCE_CUSTOMER_TIER] = user.tier;
    if (user.riskBand !== undefined) attributes[ATTR_FINANCE_CUSTOMER_RISK_BAND] = user.riskBand;
    if (user.roles !== undefined) attributes[USER_ROLES] = [...user.roles];
  }
  return attributes;
}
