import { trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { assertTenant, currentTenant, TenantMismatchError, withTenant } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

test("the tenant is there within its work, also after an await, and not outside", async () => {
  using recorded = recordTelemetry();
  const tenant = { id: "org_42", tier: "premium" } as const;
  const seen = await withTenant(tenant, async () => {
    await Promise.resolve();
    return currentTenant();
  });
  expect([seen, currentTenant()]).toEqual([tenant, undefined]);
  expect(recorded.spans.getFinishedSpans()).toEqual([]);
});

test("the caller's own tenant passes; another one, and none, is refused, counted and recorded", async () => {
  using recorded = recordTelemetry();
  const ask = (requested: string) => () => assertTenant(requested, { resourceType: "payment" });
  trace.getTracer("test").startActiveSpan("request", (span) => {
    withTenant({ id: "org_42" }, () => {
      expect(ask("org_42")).not.toThrow();
      expect(ask("org_7")).toThrow(TenantMismatchError);
    });
    expect(ask("org_7")).toThrow("the payment belongs to another tenant than the caller's");
    span.end();
  });
  const violations = await recorded.series("finance.tenant.isolation.violations", [
    "finance.security.action",
  ]);
  expect(violations).toEqual({ denied: 2 });
  const [span] = recorded.spans.getFinishedSpans();
  expect(span?.attributes).toEqual({ "finance.tenant.id": "org_42" });
  expect(span?.events.map(({ name, attributes }) => [name, attributes])).toEqual([
    [
      "finance.tenant.isolation_denied",
      {
        "finance.tenant.id": "org_42",
        "finance.tenant.target.id": "org_7",
        "finance.resource.type": "payment",
        "finance.security.action": "denied",
      },
    ],
    [
      "finance.tenant.isolation_denied",
      {
        "finance.tenant.target.id": "org_7",
        "finance.resource.type": "payment",
        "finance.security.action": "denied",
      },
    ],
  ]);
});
