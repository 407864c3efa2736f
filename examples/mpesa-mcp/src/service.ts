import { randomBytes } from "node:crypto";
import type { AddressInfo } from "node:net";
import { createTenantBuckets, observePending, observeQuota } from "@assay/finance";
import { createDaraja, type Daraja } from "@assay/finance/daraja";
import { Pool } from "pg";
import { acrossTenants } from "./across-tenants.ts";
import { createCollections, RAILS } from "./collections.ts";
import { darajaCredentials } from "./daraja-credentials.ts";
import { tenantDatabase } from "./database.ts";
import { paymentStore } from "./payment-store.ts";
import { paymentServer } from "./routes.ts";

// The payment service as a process. It knows @assay/finance and nothing of who collects:
//   node --require @assay/node/register src/service.ts

const databaseUrl = readUrl("DATABASE_URL", "postgres://user:password@127.0.0.1:5432/payments");
const darajaUrl = readUrl("DARAJA_URL", "http://127.0.0.1:8080");
const port = readWhole("PORT", 0);
// 0 turns it off; POST /reconcile does the same on demand.
const reconcileEveryMs = readWhole("RECONCILE_EVERY_MS", 15_000);
const reconcileAfterMs = readWhole("RECONCILE_AFTER_MS", 60_000);

const daraja = openDaraja();
const pool = new Pool({ connectionString: databaseUrl });
// A connection that breaks while it is idle is replaced at the next query.
pool.on("error", (error) => console.error(`postgres: ${error.message}`));

const database = await tenantDatabase(pool).catch((error: unknown) =>
  stop(
    `DATABASE_URL does not lead to a PostgreSQL that holds us to our tenant (${String(error)}); use what src/migrate.ts prints.`,
  ),
);
const across = acrossTenants(pool);
const store = paymentStore(database);
const tenants = createTenantBuckets();
let address = "";
let closing: Promise<void> | undefined;
const collections = createCollections({
  store,
  sql: database.sql,
  across,
  daraja,
  tenants,
  callbackUrl: (id) => `${process.env.PUBLIC_URL ?? address}/callbacks/daraja/${id}`,
  customerKey: process.env.CUSTOMER_KEY ?? randomBytes(32).toString("hex"),
});
// What is stuck or lost shows as an age. The last export comes when there is no database any more.
observePending({
  rails: RAILS,
  find: async () => (closing === undefined ? await across.pending() : []),
});
observeQuota({
  buckets: tenants,
  find: async () => (closing === undefined ? await across.quotas() : []),
});
const requestsPerMinute = readWhole("REQUESTS_PER_MINUTE", 1_000);
const app = paymentServer({ collections, store, across, requestsPerMinute });
await app
  .listen({ port, host: "127.0.0.1" })
  .catch((error: unknown) => stop(`PORT is ${port}, which is not free (${String(error)}); use 0.`));
address = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
console.log(`service listening on ${address}`);

const reconciling =
  reconcileEveryMs === 0
    ? undefined
    : setInterval(() => {
        collections
          .reconcile(reconcileAfterMs)
          .catch((error: unknown) => console.error(`reconcile: ${String(error)}`));
      }, reconcileEveryMs);

process.on("SIGTERM", end);
process.on("SIGINT", end);

// Requests in flight are answered; then nothing keeps the process alive and it ends by itself.
function end(): void {
  closing ??= close().catch((error: unknown) =>
    stop(`The service could not close (${String(error)}).`),
  );
}

async function close(): Promise<void> {
  clearInterval(reconciling);
  await app.close();
  await pool.end();
}

function openDaraja(): Daraja {
  try {
    return createDaraja({
      ...darajaCredentials(),
      baseUrl: darajaUrl,
      timeoutMs: readWhole("DARAJA_TIMEOUT_MS", 10_000),
    });
  } catch (error) {
    return stop(`DARAJA_URL cannot be used (${String(error)}).`);
  }
}

function readUrl(name: string, example: string): string {
  const value = process.env[name];
  if (value !== undefined && URL.canParse(value)) return value;
  // The value may hold a password, so it is not repeated.
  return stop(`${name} is ${value === undefined ? "not set" : "not a URL"}; use ${example}`);
}

function readWhole(name: string, fallback: number): number {
  const value = process.env[name] ?? String(fallback);
  if (/^\d{1,9}$/.test(value)) return Number(value);
  return stop(`${name} is "${value}"; use a whole number, such as ${fallback}.`);
}

function stop(sentence: string): never {
  console.error(`SERVICE_CONFIG: ${sentence}`);
  process.exit(1);
}
