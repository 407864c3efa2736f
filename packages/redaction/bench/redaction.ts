import { createRedactor } from "../src/index.ts";
import { type Attribute, corpus, type Part } from "./corpus.ts";

const ROUNDS = 15;

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

// CPU time of one attribute in nanoseconds.
function time(attributes: readonly Attribute[], work: () => void): number {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return ((user + system) * 1000) / attributes.length;
}

const parts: Array<[Part, number]> = [
  ["clean", 100_000],
  ["mixed", 100_000],
  ["secret", 20_000],
  ["stack", 10_000],
];
const redactor = createRedactor();
const rows = parts.map(([part, count]) => {
  const attributes = corpus(part, count);
  const entries = attributes.map(({ key, value }) => [key, value] as const);
  const batches = Array.from({ length: Math.ceil(entries.length / 512) }, (_, at) =>
    entries.slice(at * 512, at * 512 + 512),
  );
  let changed = 0;
  const work: Record<string, () => void> = {
    batch: () => {
      for (const batch of batches) if (redactor.batch(batch) !== undefined) changed++;
    },
    single: () => {
      for (const [key, value] of entries) if (redactor.value(key, value) !== value) changed++;
    },
    charCodeAt: () => {
      for (const [, value] of entries)
        for (let at = 0; at < value.length; at++) changed += value.charCodeAt(at) >> 7;
    },
  };
  const times: Record<string, number[]> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(work))
      (times[name] ??= []).push(time(entries as never, run));
  }
  const length = attributes.reduce((sum, { value }) => sum + value.length, 0) / count;
  const dirty = attributes.filter(({ key, value }) => redactor.value(key, value) !== value).length;
  return {
    part,
    chars: Math.round(length),
    changed: `${((dirty / count) * 100).toFixed(1)} %`,
    ...Object.fromEntries(
      Object.entries(times).map(([name, list]) => [name, Math.round(median(list))]),
    ),
  };
});
console.table(rows);
