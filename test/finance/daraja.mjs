// A day with Daraja, which is at the URL of the first argument: a push, one that is cancelled, one that nobody answers,
// and requests to an API with a limit. Every credential and the customer's phone number say canary or 254712345678.
import { createServer } from "node:http";
import { createPayments, createRateLimit, withTenant } from "@assay/finance";
import { createDaraja, readStkCallback, settle } from "@assay/finance/daraja";
import { money } from "@assay/semconv";

const daraja = createDaraja({
  baseUrl: process.argv[2],
  consumerKey: "canary-consumer-key",
  consumerSecret: "canary-consumer-secret",
  shortcode: "174379",
  passkey: "canary-passkey",
  timeoutMs: 500,
});
const kept = new Map();
const sql = {
  execute: async (statement, values) => {
    if (statement.includes("_checkpoints")) {
      const [id, rail, status, traceparent, startedAt, currency, amountMinor] = values;
      if (statement.startsWith("insert"))
        kept.set(id, {
          paymentId: id,
          rail,
          status,
          traceparent,
          startedAt,
          currency,
          amountMinor,
        });
      else kept.get(id).status = status;
    } else kept.set(values[1], kept.get(values[2]));
    return 1;
  },
  select: async (_query, values) => [kept.get(values.at(-1))].filter(Boolean),
};
const payments = createPayments({
  rails: {
    mpesa: {
      provider: "safaricom",
      api: "stk_push",
      method: "mobile_money",
      type: "collection",
      currencies: ["KES"],
    },
  },
  sql,
});

async function collect(paymentId, reference) {
  const amount = money("KES", 150_000n);
  const initiation = { operation: "collect", rail: "mpesa", paymentId, amount };
  return payments.run(initiation, async (payment) => {
    const { references } = await daraja.stkPush({
      amount,
      phone: "254712345678",
      reference,
      callbackUrl: "https://shop.example/callback/canary-callback",
    });
    payment.transition("processing");
    await payment.checkpoint(sql, references);
    return references.CheckoutRequestID;
  });
}

async function callback(id, code) {
  const items = `[{"Name":"Amount","Value":1500.00},{"Name":"PhoneNumber","Value":254712345678}]`;
  const result = readStkCallback(
    `{"Body":{"stkCallback":{"CheckoutRequestID":"${id}","ResultCode":${code},"ResultDesc":"canary","CallbackMetadata":{"Item":${items}}}}}`,
  );
  await payments.resume(result.finding, result, async (payment) => settle(payment, result));
}

await callback(await collect("pay_paid", "paid"), 0);
await callback(await collect("pay_cancelled", "cancelled"), 1032);
await collect("pay_silent", "silent").catch((error) => console.log(`${error}`));
console.log(JSON.stringify({ open: (await daraja.stkQuery("ws_CO_open")) ?? "open" }));

const limit = createRateLimit({
  policy: "api_per_tenant",
  scope: "tenant",
  limit: 100,
  windowSeconds: 60,
  tiers: ["standard"],
});
const server = createServer((_request, response) =>
  withTenant({ id: "org_canary", tier: "standard" }, () => {
    const { isAllowed, headers } = limit.take("org_canary");
    response.writeHead(isAllowed ? 200 : 429, headers).end();
  }),
);
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
let last;
for (let at = 0; at < 101; at += 1) {
  last = await fetch(`http://127.0.0.1:${server.address().port}/`);
  await last.text();
}
console.log(
  `${last.status} ${last.headers.get("ratelimit-policy")} ${last.headers.get("ratelimit-remaining")}`,
);
server.close();
