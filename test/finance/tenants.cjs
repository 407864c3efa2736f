// Payments of 10,000 tenants of all tiers on three rails with three outcomes; three quarters are of a few large tenants.
// Served on /metrics.
const { createPayments, createTenantBuckets, withTenant } = require("@assay/finance");
const { money } = require("@assay/semconv");

const COUNT = Number(process.argv[2]);
const TENANTS = 10_000;
const LARGE = 25;
const TIERS = ["free", "standard", "premium", "enterprise"];
const rail = (provider, api, method, currency) => ({
  provider,
  api,
  method,
  type: "collection",
  direction: "inbound",
  currencies: [currency],
});
const rails = {
  mpesa: rail("safaricom", "stk_push", "mobile_money", "KES"),
  mtn: rail("mtn", "request_to_pay", "mobile_money", "UGX"),
  card: rail("acquirer", "authorize", "card", "JOD"),
};
const names = Object.keys(rails);
const payments = createPayments({ rails, tenants: createTenantBuckets() });
const declined = { outcome: "failed", domain: "customer", retriable: false };
const broken = { outcome: "failed", domain: "provider", retriable: true };

async function pay(number) {
  const name = names[number % 3];
  const amount = money(rails[name].currencies[0], 1_000n);
  const initiation = { operation: "collect", rail: name, paymentId: `pay_${number}`, amount };
  await payments.run(initiation, async (payment) => {
    const outcome = Math.floor(number / 3) % 3;
    if (outcome === 0) payment.complete();
    else payment.fail(outcome === 1 ? declined : broken);
  });
}

async function main() {
  for (let number = 0; number < COUNT; number += 1) {
    // All nine of a tenant's payments have another rail and outcome.
    const at = Math.floor(number / 9);
    const id = at % 4 === 0 ? `small_${(at * 7_919) % TENANTS}` : `large_${at % LARGE}`;
    const tier = TIERS[(at % LARGE) % TIERS.length];
    await withTenant({ id, tier }, () => pay(number));
  }
  console.log("all paid");
  // The page of metrics holds no process.
  setInterval(() => {}, 60_000);
}

void main();
