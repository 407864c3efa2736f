// A payments service in which nothing has happened yet. With "declared" it has rails, limits and a counter of its own;
// without, it has only loaded the package.
const finance = require("@assay/finance");

if (process.argv[2] === "declared") {
  const common = { method: "mobile_money", currencies: ["KES"] };
  finance.createPayments({
    rails: {
      stk: { ...common, provider: "safaricom", api: "stk_push", type: "collection" },
      b2c: { ...common, provider: "safaricom", api: "b2c", type: "payout" },
      airtel: { ...common, provider: "airtel", api: "collection", type: "collection" },
    },
    thresholds: { operations: { collect: 1_500 } },
  });
  const RENEWALS = finance.defineInstrument({
    name: "shop.renewals",
    kind: "counter",
    unit: "{renewal}",
    description: "Subscriptions renewed.",
    labels: { plan: ["basic", "gold"] },
  });
  finance.financeMeter("shop").counter(RENEWALS);
}
setInterval(() => {}, 1_000);
