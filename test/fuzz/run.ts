import { randomInt } from "node:crypto";
import { inspect, parseArgs } from "node:util";
import { fuzz } from "./fuzz.ts";

// `npm run fuzz [-- --inputs 1000000] [--seed N]`; `--seed N --only I` repeats one input.
const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed ?? randomInt(2 ** 31));
const only = values.only === undefined ? undefined : Number(values.only);
const inputs = only === undefined ? Number(values.inputs) : 1;

if (![seed, inputs, only ?? 0].every((given) => Number.isSafeInteger(given) && given >= 0)) {
  console.error("--inputs, --seed and --only are whole numbers, as --inputs 20000.");
  process.exitCode = 2;
} else {
  console.log(`${inputs} inputs of seed ${seed}`);
  const started = Date.now();
  const failures = fuzz({
    seed,
    from: only ?? 0,
    to: (only ?? 0) + inputs,
    onProgress: (done) => {
      if (process.stdout.isTTY) process.stdout.write(`\r${done}`);
    },
  });
  const seconds = (Date.now() - started) / 1000;
  for (const { index, broken, key, value } of failures.slice(0, 20)) {
    console.log(`input ${index}, ${broken}: ${inspect({ key, value }, { maxStringLength: 400 })}`);
  }
  const rate = Math.round(inputs / Math.max(seconds, 0.001));
  console.log(
    `${failures.length} failures in ${inputs} inputs, seed ${seed}, ${seconds.toFixed(1)} s, ${rate} inputs a second`,
  );
  process.exitCode = failures.length === 0 ? 0 : 1;
}
