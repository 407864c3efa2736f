import { randomBytes } from "node:crypto";
import { proveAssay, proveUpstream } from "./canary.ts";
import { findings, render } from "./matrix.ts";

// `npm run canary`, `npm run canary -- SEED` for the canaries of an earlier run, `npm run canary -- --upstream` for
// the same search under upstream's preload.
const seed =
  process.argv.slice(2).find((given) => !given.startsWith("--")) ?? randomBytes(6).toString("hex");
const isUpstream = process.argv.includes("--upstream");

console.log(`canaries of seed ${seed}, under ${isUpstream ? "upstream" : "Assay"}`);
const { result, captured } = await (isUpstream ? proveUpstream(seed) : proveAssay(seed));
console.log(render(result, captured));
process.exitCode = findings(result).length === 0 ? 0 : 1;
