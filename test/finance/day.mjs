// A day of 1,000 collections against a provider that answers as it likes. What became of each is in the ledger, which
// is written in the same transaction as the payment's state. Prints the ledger's totals.
import { CHECKPOINT_SCHEMA, createPayments } from "@assay/finance";
import { money } from "@assay/semconv";
import { Pool } from "pg";

const COUNT = 1_000;
const pool = new Pool({ connectionString: process.argv[2], max: 8 });
await pool.query(CHECKPOINT_SCHEMA);
await pool.query(`create table ledger (
  payment_id text primary key, outcome text not null, domain text, amount_minor bigint not null
)`);

const sqlOf = (client) => ({
  execute: async (text, values) => (await client.query(text, values)).rowCount,
  select: async (text, values) => (await client.query(text, values)).rows,
});
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
  sql: sqlOf(pool),
});

// What the provider does with a payment, by its number.
const SCRIPT = [
  "0",
  "0",
  "0",
  "0",
  "1032",
  "1",
  "1037",
  "26",
  "late",
  "lost",
  "twice",
  "at once",
  "500",
  "refused",
];
const scriptOf = (number) => SCRIPT[number % SCRIPT.length];
const amountOf = (number) => money("KES", BigInt(10_000 + number));
const idOf = (number) => `pay_${String(number).padStart(4, "0")}`;

async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query("begin");
    const value = await work(client);
    await client.query("commit");
    return value;
  } catch (error) {
    await client.query("rollback");
    throw error;
  } finally {
    client.release();
  }
}

class AlreadySettled extends Error {}

async function callback(number, code) {
  const finding = { by: "CheckoutRequestID", value: `ws_CO_${number}` };
  try {
    return await payments.resume(finding, { code }, (payment, { code: given }) =>
      inTransaction(async (client) => {
        if (given === "0") payment.complete();
        else payment.fail({ code: given });
        if (!(await payment.checkpoint(sqlOf(client)))) throw new AlreadySettled();
        const domain = { 1032: "customer", 1: "customer", 1037: "customer", 26: "provider" }[given];
        await book(client, number, payment.status, domain);
      }),
    );
  } catch (error) {
    if (!(error instanceof AlreadySettled)) throw error;
    return undefined;
  }
}

function book(client, number, outcome, domain = null) {
  return client.query("insert into ledger values ($1, $2, $3, $4)", [
    idOf(number),
    outcome,
    domain,
    amountOf(number).minor.toString(),
  ]);
}

async function collect(number) {
  const script = scriptOf(number);
  const initiation = {
    operation: "collect",
    rail: "mpesa",
    paymentId: idOf(number),
    amount: amountOf(number),
    category: "payment_processing",
  };
  try {
    await payments.run(initiation, async (payment) => {
      if (script === "refused") {
        await book(pool, number, "failed", "network");
        throw Object.assign(new Error("connect refused"), { code: "ECONNREFUSED" });
      }
      if (script === "500") {
        payment.fail({ code: "500.001.1001" });
        await book(pool, number, "failed", "provider");
        return;
      }
      payment.transition("processing");
      await payment.checkpoint(sqlOf(pool), { CheckoutRequestID: `ws_CO_${number}` });
      if (script === "late") throw new DOMException("timed out", "TimeoutError");
    });
  } catch (error) {
    if (error.code !== "ECONNREFUSED" && error.name !== "TimeoutError") throw error;
  }
  if (script === "500" || script === "refused" || script === "lost") return;
  if (script === "at once") await Promise.all([callback(number, "0"), callback(number, "0")]);
  else if (script === "twice") for (const code of ["0", "0", "0"]) await callback(number, code);
  else await callback(number, script === "late" ? "0" : script);
}

// Out of order, eight at a time.
const order = Array.from({ length: COUNT }, (_, at) => (at * 389) % COUNT);
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (let next = order.pop(); next !== undefined; next = order.pop()) await collect(next);
  }),
);
// Reconciliation: what nobody called back for is asked for.
const { rows: waiting } = await pool.query(
  `select payment_id from finance_payment_checkpoints where status in ('processing', 'unknown')`,
);
for (const { payment_id: id } of waiting) await callback(Number(id.slice(4)), "0");

const { rows } = await pool.query(
  `select outcome, domain, count(*)::int as count, sum(amount_minor)::text as "amountMinor" from ledger group by 1, 2`,
);
const { rows: open } = await pool.query(
  `select count(*)::int as count from finance_payment_checkpoints where status in ('processing', 'unknown')`,
);
await pool.end();
console.log(JSON.stringify({ rows, waited: waiting.length, open: open[0].count }));
