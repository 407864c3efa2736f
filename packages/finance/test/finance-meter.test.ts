import {
  INSTRUMENT_FINANCE_LICENSE_KEYS_ISSUED,
  INSTRUMENT_FINANCE_QUOTA_UTILIZATION,
  INSTRUMENT_FINANCE_REVENUE_AMOUNT_MINOR,
  money,
} from "@assay/semconv";
import { expect, test, vi } from "vitest";
import { defineInstrument, financeMeter } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const RENEWALS = defineInstrument({
  name: "shop.subscription.renewals",
  kind: "counter",
  unit: "{renewal}",
  description: "Subscriptions renewed.",
  labels: { plan: ["basic", "gold"], "finance.outcome": ["completed", "failed"] },
});
const LABELS = ["plan", "finance.outcome"];

test("every declared series of an own counter is there at zero before the first is counted", async () => {
  using recorded = recordTelemetry();
  const renewals = financeMeter("subscriptions").counter(RENEWALS);
  const none = { "basic completed": 0, "basic failed": 0, "gold completed": 0, "gold failed": 0 };
  expect(await recorded.series(RENEWALS.name, LABELS)).toEqual(none);
  renewals.add(2, { plan: "gold", "finance.outcome": "failed" });
  expect(await recorded.series(RENEWALS.name, LABELS)).toEqual({ ...none, "gold failed": 2 });
});

test("money is counted in minor units under its own currency", async () => {
  using recorded = recordTelemetry();
  const revenue = financeMeter("shop").counter(INSTRUMENT_FINANCE_REVENUE_AMOUNT_MINOR);
  revenue.add(money("KES", 150_000n), { "finance.revenue.type": "subscription" });
  revenue.add(money("EUR", 199n), { "finance.revenue.type": "subscription" });
  const labels = ["finance.currency.code", "finance.revenue.type"];
  expect(await recorded.series("finance.revenue.amount.minor", labels)).toEqual({
    "KES subscription": 150_000,
    "EUR subscription": 199,
  });
});

test("a histogram has the buckets of its definition, and a gauge the last value", async () => {
  using recorded = recordTelemetry();
  const meter = financeMeter("shop");
  const WAIT = defineInstrument({
    name: "shop.checkout.wait",
    kind: "histogram",
    unit: "s",
    description: "Time from the basket to the payment.",
    buckets: [1, 5, 30],
  });
  meter.histogram(WAIT).record(2);
  const utilization = meter.gauge(INSTRUMENT_FINANCE_QUOTA_UTILIZATION);
  const labels = { "finance.quota.name": "api", "finance.tenant.tier": "free" } as const;
  for (const part of [0.9, 0.5]) utilization.record(part, labels);
  expect(await recorded.series("shop.checkout.wait", [])).toEqual({ "": 1 });
  expect(await recorded.buckets("shop.checkout.wait")).toEqual([1, 5, 30]);
  expect(await recorded.series("finance.quota.utilization", [])).toEqual({ "": 0.5 });
});

const wrong = { "finance.product.id": "pos", "finance.tenant.id": "org_42" } as never;

test.each(["development", "test"])(
  "where NODE_ENV is %s an undeclared label throws one sentence without its value",
  (environment) => {
    vi.stubEnv("NODE_ENV", environment);
    const keys = financeMeter("shop").counter(INSTRUMENT_FINANCE_LICENSE_KEYS_ISSUED);
    vi.unstubAllEnvs();
    expect(() => keys.add(1, wrong)).toThrow(
      new TypeError(
        "the instrument finance.license.keys_issued has no label finance.tenant.id; declare it, or put it on the span",
      ),
    );
  },
);

test.each(["production", undefined])(
  "where NODE_ENV is %s an undeclared label is left out and counted once, and nothing is thrown",
  async (environment) => {
    using recorded = recordTelemetry();
    vi.stubEnv("NODE_ENV", environment);
    const name = `shop.${environment ?? "nobody"}.sales`;
    const SALES = defineInstrument({ ...RENEWALS, name, labels: RENEWALS.values });
    const sales = financeMeter("shop").counter(SALES);
    vi.unstubAllEnvs();
    const labels = { plan: "gold", "finance.outcome": "failed", "finance.tenant.id": "org_42" };
    for (let at = 0; at < 3; at += 1) sales.add(1, labels as never);
    const all = ["plan", "finance.tenant.id"];
    expect(await recorded.counted(name, all)).toEqual({ "gold -": 3 });
    expect(await recorded.series("assay.label.dropped", [])).toEqual({ "": 1 });
  },
);

test("an undeclared value is _other, and what is no value or another currency is not counted", async () => {
  using recorded = recordTelemetry();
  const meter = financeMeter("shop", { undeclared: "drop" });
  const about = { kind: "counter", description: "Sold." } as const;
  const sold = meter.counter(
    defineInstrument({ ...about, name: "shop.sold", unit: "{item}", labels: { size: ["S", "M"] } }),
  );
  const turnover = meter.counter(
    defineInstrument({
      ...about,
      name: "shop.turnover",
      unit: "{minor_unit}",
      labels: { "finance.currency.code": ["KES"] },
    }),
  );
  sold.add(1, { size: "254712345678" } as never);
  sold.add(Number.NaN, { size: "S" });
  sold.add(1, null as never);
  turnover.add(money("KES", 5n));
  for (const other of [money("EUR", 5n), 5, undefined]) turnover.add(other as never);
  expect(await recorded.counted("shop.sold", ["size"])).toEqual({ _other: 1 });
  expect(await recorded.series("shop.turnover", ["finance.currency.code"])).toEqual({ KES: 5 });
});

const sound = {
  name: "shop.sales",
  kind: "counter",
  unit: "{sale}",
  description: "Sales.",
  labels: { size: ["S"] },
};
const many = Array.from({ length: 50 }, (_, at) => `v${at}`);

test.each([
  [{ name: "Shop Sales" }, "is no name; write small letters"],
  [{ name: "sales" }, "is no name; write small letters"],
  [{ name: "finance.sales" }, "has a name of the registry's"],
  [{ name: "shop.sales_total" }, "ends in total, which Prometheus adds itself"],
  [{ name: "shop.wait_seconds", unit: "s" }, "ends in a word that Prometheus adds itself"],
  [{ name: "shop.254712345678.sales" }, "has a number in its name; put ids on the span"],
  [{ unit: "sales" }, "has the unit sales, which is not UCUM"],
  [{ description: "" }, "has no description"],
  [{ buckets: [1] }, "has buckets and is a counter"],
  [{ kind: "histogram" }, "has no buckets"],
  [{ kind: "histogram", buckets: [5, 1] }, "has buckets that do not ascend"],
  [{ labels: { "finance.tenant.id": ["org_42"] } }, "has the label finance.tenant.id, which tells"],
  [{ labels: { tenantId: ["org_42"] } }, "has the label tenantId, which tells of one person"],
  [{ labels: { msisdn: ["x"] } }, "has the label msisdn, which tells of one person or thing"],
  [{ labels: { size: [] } }, "has the label size without a value"],
  [{ labels: { size: ["S", "S"] } }, "has a value of size twice"],
  [{ unit: "{minor_unit}" }, "is money and has no label finance.currency.code"],
  [{ labels: { a: many, b: many } }, "would have 2500 series and may have 2000"],
])("%j is refused in one sentence: it %s", (change, sentence) => {
  const definition = { ...sound, ...change } as never;
  expect(() => defineInstrument(definition)).toThrow(sentence);
  expect(() => defineInstrument(sound as never)).not.toThrow();
});
