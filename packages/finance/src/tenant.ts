import { type Context, context, createContextKey, type Span, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_SECURITY_ACTION,
  ATTR_FINANCE_RESOURCE_TYPE,
  ATTR_FINANCE_TENANT_ID,
  ATTR_FINANCE_TENANT_TARGET_ID,
  ATTR_FINANCE_TENANT_TIER,
  type FinanceAttributes,
} from "@assay/semconv";
import { recordIsolationDenied } from "./security-event.ts";

/** On whose behalf work is done. */
export interface Tenant {
  id: string;
  tier?: NonNullable<FinanceAttributes["finance.tenant.tier"]>;
}

// Created by its description, so that every copy of this package, and the preload, finds the same.
const KEY = createContextKey("assay.finance.tenant");

/**
 * Runs `work` on behalf of a tenant. Spans and log records in it carry the tenant; metrics only by its bucket.
 *
 * The tenant is in the context of this process and never in baggage, which is sent to others.
 */
export function withTenant<T>(tenant: Tenant, work: () => T): T {
  const span = trace.getActiveSpan();
  if (span !== undefined) setTenant(span, tenant);
  return context.with(contextOfTenant(context.active(), tenant), work);
}

/** Gives a context on behalf of a tenant. */
export function contextOfTenant(parent: Context, tenant: Tenant): Context {
  return parent.setValue(KEY, tenant);
}

/** The tenant on whose behalf the caller works; undefined outside `withTenant`. */
export function currentTenant(): Tenant | undefined {
  return context.active().getValue(KEY) as Tenant | undefined;
}

/** Writes a tenant on a span. */
export function setTenant(span: Span, { id, tier }: Tenant): void {
  span.setAttribute(ATTR_FINANCE_TENANT_ID, id);
  if (tier !== undefined) span.setAttribute(ATTR_FINANCE_TENANT_TIER, tier);
}

/** A caller asked for what belongs to another tenant. Its message names neither. */
export class TenantMismatchError extends Error {
  readonly code = "TENANT_MISMATCH";
  constructor(resourceType: string) {
    super(`the ${resourceType} belongs to another tenant than the caller's`);
    this.name = "TenantMismatchError";
  }
}

/**
 * Throws TenantMismatchError unless `requested` is the tenant on whose behalf the caller works; without one it throws too.
 *
 * A refusal is counted (`finance.tenant.isolation.violations`) and recorded as a security event.
 *
 * @example assertTenant(row.tenantId, { resourceType: "payment" });
 */
export function assertTenant(requested: string, { resourceType }: { resourceType: string }): void {
  const own = currentTenant()?.id;
  if (own === requested) return;
  recordIsolationDenied({
    ...(own !== undefined && { [ATTR_FINANCE_TENANT_ID]: own }),
    [ATTR_FINANCE_TENANT_TARGET_ID]: requested,
    [ATTR_FINANCE_RESOURCE_TYPE]: resourceType,
    [ATTR_FINANCE_SECURITY_ACTION]: "denied",
  });
  throw new TenantMismatchError(resourceType);
}
