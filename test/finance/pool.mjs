// Uses up three pools of PostgreSQL: two have names of the application's, of the third only the preload knows. At each
// SIGUSR2 it goes on: requests that wait get their connection, the pools end.
import { once } from "node:events";
import { observePool } from "@assay/finance";
import { Pool } from "pg";

const connectionString = process.argv[2];
const goOn = () => once(process, "SIGUSR2");

const ledger = new Pool({ connectionString, max: 2 });
observePool(ledger, { name: "ledger" });
const reports = new Pool({ connectionString, max: 1, connectionTimeoutMillis: 100 });
observePool(reports, { name: "reports" });
const other = new Pool({ connectionString, max: 1 });

const held = await Promise.all([ledger, ledger, reports, other].map((pool) => pool.connect()));
const waiting = [ledger, ledger, other].map((pool) => pool.connect());
const givenUp = await reports.connect().catch(({ message }) => message);
const isCalledBack = await new Promise((resolve) => {
  reports.connect((error, client) => resolve(error.message === givenUp && client === undefined));
});
const next = goOn();
console.log(JSON.stringify({ givenUp, isCalledBack }));
await next;

for (const client of held) client.release();
for (const client of waiting) (await client).release();
await ledger.query("select 1");
await goOn();

await Promise.all([ledger, reports, other].map((pool) => pool.end()));
await goOn();
