import { colourWanted } from "@assay/console";
import { runBackends } from "./backends.ts";
import { runEmbedded } from "./embedded.ts";

// What `npm start` runs. --once ends after the journey; --backends goes through the real backends.

const OPTIONS = ["--once", "--backends"];
const args = process.argv.slice(2);
const unknown = args.find((arg) => !OPTIONS.includes(arg));
if (unknown !== undefined) {
  console.error(`npm start does not know ${JSON.stringify(unknown)}; use ${OPTIONS.join(" or ")}.`);
  process.exit(1);
}

const interrupted = new AbortController();
// The first Ctrl-C ends everything in order, the second one at once.
const interrupt = (): void => {
  if (interrupted.signal.aborted) process.exit(130);
  interrupted.abort();
};
process.on("SIGINT", interrupt);
process.on("SIGTERM", interrupt);

const { stdout, env } = process;
const run = args.includes("--backends") ? runBackends : runEmbedded;
try {
  await run({
    isOnce: args.includes("--once"),
    signal: interrupted.signal,
    screen: { colour: colourWanted(stdout, env), width: stdout.columns ?? 100 },
  });
} catch (error) {
  if (!interrupted.signal.aborted) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
