// A service that collects payments on three rails, as the day's test runs it twice: at SIGTERM it takes no more, ends
// what is under way, and the next one goes on with the rows that are left.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createFailureCatalogue,
  createPayments,
  createTenantBuckets,
  observePending,
  operation,
  type Payment,
  pendingIn,
  type Step,
  withTenant,
  withUser,
} from "@assay/finance";
import { money } from "@assay/semconv";
import { context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import {
  bookOrder,
  bookOutcome,
  bookRefund,
  inTransaction,
  OPEN,
  openLedger,
  sqlOf,
} from "./ledger.ts";
import { endOf, MTN_RESULTS, rails } from "./rails.ts";
import { COUNT, type Order, orderOf } from "./script.ts";

const WORKERS = 24;
const TIMEOUT_MS = 2_000;
const PROVIDER = process.env["PROVIDER_URL"]!;
const pool = await openLedger(process.env["DATABASE_URL"]!);

const payments = createPayments({
  rails,
  sql: sqlOf(pool),
  tenants: createTenantBuckets({ most: 3, contractual: ["org_1"] }),
  failureCatalogue: createFailureCatalogue(MTN_RESULTS),
});
// Not in the queue for the connections that payments wait for.
const forGauges = await openLedger(process.env["DATABASE_URL"]!);
observePending({ rails, find: () => pendingIn(sqlOf(forGauges)) });

class AlreadySettled extends Error {}

/** Settles a payment by what the provider says of it; a second word on it changes nothing. */
async function settle(order: Order, { code, wanted, checkoutRequestId }: Word): Promise<boolean> {
  // Of a payment whose request was not answered in time the provider's name for it never came.
  const isNameless = checkoutRequestId === undefined || (await isUnknown(order));
  const finding = isNameless
    ? { by: "id", value: order.paymentId, rail: order.rail }
    : { by: "CheckoutRequestID", value: checkoutRequestId, rail: order.rail };
  let kind = "duplicate";
  try {
    const { status } = await withUser({ id: order.customer }, () =>
      payments.resume(finding, code, (payment, given) =>
        inTransaction(pool, async (client) => {
          end(payment, given);
          const isAllowed = wanted === undefined || payment.transition(wanted);
          if (!(await payment.checkpoint(sqlOf(client)))) throw new AlreadySettled();
          if (!isAllowed) await client.query("insert into refusals values ($1)", [order.paymentId]);
          await bookOutcome(client, order, endOf(given));
        }),
      ),
    );
    kind = status === "resumed" ? "result" : status;
  } catch (error) {
    if (!(error instanceof AlreadySettled)) throw error;
  }
  await pool.query("insert into callbacks values ($1, $2)", [rails[order.rail].provider, kind]);
  return kind !== "unmatched";
}

async function isUnknown({ paymentId }: Order): Promise<boolean> {
  const { rowCount } = await pool.query(
    "select from finance_payment_checkpoints where payment_id = $1 and status = 'unknown'",
    [paymentId],
  );
  return rowCount === 1;
}

interface Word {
  /** Null when the provider does not know the payment. */
  code: string | null;
  /** A state that the provider wants next. */
  wanted?: Step;
  checkoutRequestId?: string;
}

function end(payment: Payment, code: string | null): void {
  if (code === "0") payment.complete();
  else if (code !== null) payment.fail({ code });
  else {
    const message = "the provider has never heard of it";
    payment.fail({ outcome: "failed", domain: "network", retriable: true, message });
  }
}

async function collect(order: Order): Promise<void> {
  const { paymentId, rail, amount, customer, phone } = order;
  const initiation = {
    operation: "collect",
    rail,
    paymentId,
    amount,
    category: "payment_processing",
    attributes: { "finance.customer.id": customer },
  } as const;
  await payments.run(initiation, async (payment) => {
    await bookOrder(pool, order);
    // Before the provider knows of it: what is asked for after a restart has a row.
    await payment.checkpoint(sqlOf(pool));
    const response = await post("/payments", { reference: paymentId, phone }, TIMEOUT_MS);
    const answer = (await response.json()) as { code: string; checkoutRequestId: string };
    if (!response.ok) {
      await inTransaction(pool, async (client) => {
        payment.fail({ code: answer.code, message: `the provider refused to ask ${phone}` });
        await payment.checkpoint(sqlOf(client));
        await bookOutcome(client, order, endOf(answer.code));
      });
      return;
    }
    payment.transition("processing");
    // False when the callback was first.
    await payment.checkpoint(sqlOf(pool), { CheckoutRequestID: answer.checkoutRequestId });
  });
}

function post(path: string, body: object, timeoutMs = 10_000): Promise<Response> {
  const signal = AbortSignal.timeout(timeoutMs);
  return fetch(PROVIDER + path, { method: "POST", body: JSON.stringify(body), signal });
}

/** Asks the provider for each payment that waits for its outcome: a job of its own, as a timer begins it. */
async function reconcile(): Promise<void> {
  const { rows } = await pool.query<{ number: number }>(
    `select number from orders join finance_payment_checkpoints using (payment_id) where ${OPEN}`,
  );
  for (const { number } of rows) {
    const order = orderOf(number);
    const search = new URLSearchParams({ reference: order.paymentId, msisdn: order.phone });
    await operation({ name: "reconcile", category: "payment_processing" }, async () => {
      const answer = await fetch(`${PROVIDER}/status?${search.toString()}`);
      const { code = null } = (await answer.json()) as { code?: string };
      await settle(order, { code });
    });
  }
}

/** Gives a third of every seventh completed payment back, and of some a second third. */
async function refund(): Promise<void> {
  const { rows } = await pool.query<{ number: number }>(
    `select number from orders join ledger using (payment_id) where outcome = 'completed' and number % 7 = 0
     union all
     select number from orders join ledger using (payment_id) where outcome = 'completed' and number % 35 = 0`,
  );
  for (const { number } of rows) {
    const { paymentId, rail, amount, customer } = orderOf(number);
    const part = money(amount.currency, amount.minor / 3n);
    await withUser({ id: customer }, () =>
      payments.refund({ paymentId, rail, amount: part }, async () => {
        await post("/refunds", { reference: paymentId });
        await bookRefund(pool, paymentId, part);
      }),
    );
  }
}

const server = createServer(async (request, response) => {
  const text = Buffer.concat(await request.toArray()).toString();
  const [, what, paymentId = ""] = request.url!.split("/");
  let status = 200;
  if (what === "reconcile") await context.with(ROOT_CONTEXT, reconcile);
  else if (what === "refund") await context.with(ROOT_CONTEXT, refund);
  else {
    const order = orderOf(Number(paymentId.slice("pay_".length)));
    status = (await settle(order, JSON.parse(text) as Word)) ? 200 : 404;
  }
  response.writeHead(status).end();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
await post("/callback-url", { url: `${url}/callbacks` });
console.log(`listening on ${url}`);

// What must not reach the provider.
const baggage = propagation.createBaggage({ "tenant.tier": { value: "gold" } });
const inBaggage = propagation.setBaggage(context.active(), baggage);
let isEnding = false;
const ending = once(process, "SIGTERM").then(() => (isEnding = true));
const { rows: begun } = await pool.query<{ number: number }>("select number from orders");
const done = new Set(begun.map(({ number }) => number));
// Out of order, many at a time.
const order = Array.from({ length: COUNT }, (_, at) => (at * 389) % COUNT).filter(
  (number) => !done.has(number),
);
await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    for (let next = order.pop(); next !== undefined && !isEnding; next = order.pop()) {
      const each = orderOf(next);
      const work = () => withUser({ id: each.customer }, () => collect(each));
      // Whoever waits for a provider that does not answer learns of it, and the payment is asked for later.
      const ofTenant = () => withTenant({ id: each.tenant, tier: "standard" }, work);
      await context.with(inBaggage, ofTenant).catch((error: Error) => {
        if (error.name !== "TimeoutError" && error.message !== "fetch failed") throw error;
      });
    }
  }),
);
if (!isEnding) console.log("all begun");
await ending;
server.close();
server.closeIdleConnections();
await once(server, "close");
