import { trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import {
  assertTenant,
  currentTenant,
  currentUser,
  operation,
  TenantMismatchError,
  UserRequiredError,
  withTenant,
  withUser,
} from "../src/index.ts";
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

test("without an SDK the tenant and the user are there all the same, and their checks hold", async () => {
  const ask = (requested: string) => () => assertTenant(requested, { resourceType: "payment" });
  const pay = () => operation({ name: "pay", requireUser: true }, () => currentUser()?.id);
  const seen = await withTenant({ id: "org_42" }, () =>
    withUser({ id: "usr_7" }, async () => {
      await Promise.resolve();
      expect(ask("org_42")).not.toThrow();
      expect(ask("org_7")).toThrow(TenantMismatchError);
      return [currentTenant()?.id, pay()];
    }),
  );
  expect(seen).toEqual(["org_42", "usr_7"]);
  expect([currentTenant(), currentUser()]).toEqual([undefined, undefined]);
  expect(pay).toThrow(UserRequiredError);
});
