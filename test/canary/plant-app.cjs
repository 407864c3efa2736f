// A payments service such as a user would write, which puts every canary of its plan on every surface. It imports
// nothing of Assay: the preload decides what becomes of it. It prints no secret itself.
const { readFileSync } = require("node:fs");
const { diag } = require("@opentelemetry/api");
const { plantErrors } = require("./plant-errors.cjs");
const { plantLogs } = require("./plant-logs.cjs");
const { plantMetrics } = require("./plant-metrics.cjs");
const { plantSpans } = require("./plant-spans.cjs");
const { plantSql } = require("./plant-sql.cjs");
const { plantTraffic, serve } = require("./plant-traffic.cjs");

/** { canaries: Canary[], peerUrl, deniedUrl, databaseUrl }, as test/canary/app.ts writes it. */
const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const on = (surface) => plan.canaries.filter((canary) => canary.surface === surface);

// An application with a handler of its own: Node prints nothing, and the end is an ordinary exit with code 7.
process.on("uncaughtException", () => process.exit(7));

async function main() {
  plantSpans(on);
  plantLogs(on);
  plantMetrics(on);
  plantErrors(on);
  for (const { text } of on("diagnostic")) diag.error(text);
  await plantSql(on, plan.databaseUrl);
  await plantTraffic(on, plan);
  const urls = await serve({ on, peerUrl: plan.peerUrl, deniedUrl: plan.deniedUrl, end });
  console.log(`planted; serving ${JSON.stringify(urls)}`);
}

/** Plants what is planted last and ends by an uncaught error. */
function end() {
  plantSpans.last(on);
  // One process has one uncaught error, so it speaks of all.
  const error = new Error(
    on("uncaught")
      .map(({ text }) => text)
      .join("\n"),
  );
  setImmediate(() => {
    throw error;
  });
}

main().catch((error) => {
  console.error(
    `planting failed: ${error.code ?? error.name} at ${String(error.stack)
      .split("\n")
      .find((line) => line.includes(" at "))}`,
  );
  process.exit(8);
});
