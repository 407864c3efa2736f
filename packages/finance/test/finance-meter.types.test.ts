import {
  INSTRUMENT_FINANCE_KYC_DURATION,
  INSTRUMENT_FINANCE_LICENSE_KEYS_ISSUED,
  INSTRUMENT_FINANCE_QUOTA_UTILIZATION,
  INSTRUMENT_FINANCE_REVENUE_AMOUNT_MINOR,
  money,
} from "@assay/semconv";
import { expect, test } from "vitest";
import { defineInstrument, financeMeter } from "../src/index.ts";

// What is below has to compile as it stands; each of the directives would not, if its line did.
const meter = financeMeter("types", { undeclared: "drop" });
const RENEWALS = defineInstrument({
  name: "shop.subscription.renewals",
  kind: "counter",
  unit: "{renewal}",
  description: "Subscriptions renewed.",
  labels: { plan: ["basic", "gold"], "finance.outcome": ["completed", "failed"] },
});

test("an amount is Money with its currency, and no number", () => {
  const revenue = meter.counter(INSTRUMENT_FINANCE_REVENUE_AMOUNT_MINOR);
  revenue.add(money("KES", 150_000n), { "finance.revenue.type": "subscription" });
  // @ts-expect-error a float is no amount
  revenue.add(1500.5, { "finance.revenue.type": "subscription" });
  // @ts-expect-error a whole number is none either
  revenue.add(150_000, { "finance.revenue.type": "subscription" });
  const KES = { "finance.currency.code": "KES", "finance.revenue.type": "subscription" } as const;
  // @ts-expect-error the currency is that of the amount
  revenue.add(money("EUR", 100n), KES);
  expect(revenue).toBeDefined();
});

test("a tenant, an attribute of no instrument and one of another do not compile", () => {
  const keys = meter.counter(INSTRUMENT_FINANCE_LICENSE_KEYS_ISSUED);
  keys.add(1, { "finance.product.id": "pos" });
  // @ts-expect-error a tenant is no label
  keys.add(1, { "finance.product.id": "pos", "finance.tenant.id": "org_42" });
  const tenant = { "finance.tenant.id": "org_42" };
  const spread = { "finance.product.id": "pos", ...tenant };
  // @ts-expect-error also when it comes by an object that is spread together
  keys.add(1, spread);
  // @ts-expect-error nobody declared it
  keys.add(1, { "finance.product.id": "pos", colour: "red" });
  // @ts-expect-error it is a label of another instrument
  keys.add(1, { "finance.product.id": "pos", "finance.kyc.level": "full" });
  // @ts-expect-error a label that is required is missing
  keys.add(1);
  expect(keys).toBeDefined();
});

test("an instrument is of its kind, and a number of its unit", () => {
  const durations = meter.histogram(INSTRUMENT_FINANCE_KYC_DURATION);
  const utilization = meter.gauge(INSTRUMENT_FINANCE_QUOTA_UTILIZATION);
  utilization.record(0.5, { "finance.quota.name": "api", "finance.tenant.tier": "premium" });
  // @ts-expect-error a histogram is no counter
  meter.counter(INSTRUMENT_FINANCE_KYC_DURATION);
  const amount = money("KES", 1n);
  // @ts-expect-error a time is no money
  durations.record(amount, { "finance.kyc.level": "full", "finance.kyc.decision": "approved" });
  expect(utilization).toBeDefined();
});

test("an instrument of the application has its labels and their values, and no other", () => {
  const renewals = meter.counter(RENEWALS);
  renewals.add(1, { plan: "gold", "finance.outcome": "completed" });
  // @ts-expect-error no such plan
  renewals.add(1, { plan: "platinum", "finance.outcome": "completed" });
  // @ts-expect-error each measurement has each label
  renewals.add(1, { plan: "gold" });
  // @ts-expect-error no such label
  renewals.add(1, { plan: "gold", "finance.outcome": "completed", tenant: "org_42" });
  expect(renewals).toBeDefined();
});

test("an attribute of the registry is a label where the registry has it as one, with the registry's values", () => {
  const about = { kind: "counter", unit: "{sale}", description: "Sales." } as const;
  expect(() =>
    defineInstrument({
      ...about,
      name: "shop.sales",
      // @ts-expect-error a tenant is on spans
      labels: { "finance.tenant.id": ["org_42"] },
    }),
  ).toThrow("finance.tenant.id");
  const odd = defineInstrument({
    ...about,
    name: "shop.sales",
    // @ts-expect-error no such outcome
    labels: { "finance.outcome": ["great"] },
  });
  expect(odd.attributes).toEqual(["finance.outcome"]);
});
