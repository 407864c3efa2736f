// Lets go of pools whose connections are closed but that were never ended, and says when both are collected.
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { observePool } from "@assay/finance";
import { Pool } from "pg";

let collected = 0;
const registry = new FinalizationRegistry(() => (collected += 1));

async function use(name) {
  const pool = new Pool({ connectionString: process.argv[2], idleTimeoutMillis: 1 });
  if (name !== undefined) observePool(pool, { name });
  registry.register(pool, name);
  const closed = once(pool, "remove");
  await pool.query("select 1");
  await closed;
}

await use("ledger");
await use();
for (let attempt = 0; attempt < 100 && collected < 2; attempt += 1) {
  globalThis.gc();
  await setImmediate();
}
console.log(collected);
