import { parseArgs } from "node:util";
import { ASSAY, RIVALS } from "./contenders.ts";
import { type Attribute, mixOf, stacksOf } from "./corpus.ts";
import { interleave } from "./interleave.ts";

// `npm run bench -- redaction [--attributes 100000] [--rounds 9] [--seed 42]`
const { values } = parseArgs({
  options: {
    attributes: { type: "string", default: "100000" },
    rounds: { type: "string", default: "9" },
    seed: { type: "string", default: "42" },
    sample: { type: "string", default: "20" },
  },
});
const [count, rounds, seed, sampleMs] = [
  Number(values.attributes),
  Number(values.rounds),
  Number(values.seed),
  Number(values.sample),
];

const STACK_LENGTH = 3_000;
const mixed = mixOf(count, seed);
const clean = mixed.filter(({ secret }) => secret === undefined);
const secretBearing = mixed.filter(({ secret }) => secret !== undefined);
const SETS: readonly [title: string, attributes: readonly Attribute[]][] = [
  ["clean", clean],
  ["mixed", mixed],
  ["secret-bearing", secretBearing],
  ["3 kB stack trace", stacksOf(Math.max(1, Math.round(count / 100)), STACK_LENGTH, seed)],
];

const characters = mixed.reduce((sum, { value }) => sum + String(value).length, 0);
console.log(
  `${count} attributes of seed ${seed}, ${(characters / count).toFixed(1)} characters each on average; Node ${process.version}, ${process.arch}`,
);
console.log(
  `ns of CPU per attribute: the median of ${rounds} rounds in which the contenders take turns; × is the ratio to ${ASSAY}\n`,
);

const columns = SETS.map(([, attributes]) => {
  const contenders = RIVALS.map(({ name, prepare }) => ({ name, pass: prepare(attributes) }));
  const medians = interleave(contenders, { rounds, leastUs: sampleMs * 1000 });
  return new Map([...medians].map(([name, us]) => [name, (us * 1000) / attributes.length]));
});
printRow(
  "",
  SETS.map(([title]) => title),
);
for (const { name } of RIVALS) {
  printRow(
    name,
    columns.map((column) => {
      const [own = 0, assay = 0] = [column.get(name), column.get(ASSAY)];
      return `${own.toFixed(0)} (${(own / assay).toFixed(2)}×)`;
    }),
  );
}

console.log("\nwhat they did with the same values");
printRow("", ["secrets left", "clean changed"]);
for (const { name, redact } of RIVALS) {
  if (redact === undefined) continue;
  const left = secretBearing.filter((one) => String(redact(one)).includes(one.secret ?? ""));
  const changed = clean.filter((one) => redact(one) !== one.value);
  printRow(name, [share(left, secretBearing), share(changed, clean)]);
}

function share(part: readonly unknown[], all: readonly unknown[]): string {
  return `${((100 * part.length) / Math.max(1, all.length)).toFixed(1)} %`;
}

function printRow(name: string, cells: readonly string[]): void {
  console.log(name.padEnd(33) + cells.map((cell) => cell.padStart(18)).join(""));
}
