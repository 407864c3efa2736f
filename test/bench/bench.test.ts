import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mixOf, stacksOf } from "./corpus.ts";
import { interleave } from "./interleave.ts";

function bench(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "run.ts"), ...args],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

const ROWS = [
  "Assay",
  "a bare charCodeAt loop",
  "one combined regular expression",
  "20 regular expressions",
  "redact-pii 3.4.0",
  "@pinojs/redact 0.4.0",
];

test("every contender has a figure in every column, and each ratio is of its figures", () => {
  const tiny = ["--attributes", "400", "--rounds", "1", "--sample", "1"];
  const { status, stdout } = bench("redaction", ...tiny);
  const table = stdout.split("\n\n")[1]?.trim().split("\n") ?? [];
  expect(table[0]?.trim().split(/\s{2,}/)).toEqual([
    "clean",
    "mixed",
    "secret-bearing",
    "3 kB stack trace",
  ]);
  const rows = table.slice(1).map((line) => ({
    name: line.slice(0, 33).trim(),
    figures: Array.from(line.matchAll(/(\d+) \((\d+\.\d\d)×\)/g), ([, ns, ratio]) => ({
      ns: Number(ns),
      ratio: Number(ratio),
    })),
  }));
  // An engine that takes batches has one row more.
  const names = rows.map(({ name }) => name).filter((name) => !name.startsWith("Assay, batches"));
  expect(names).toEqual(ROWS);
  const assay = rows[0]!.figures;
  for (const { figures } of rows) {
    expect(figures).toHaveLength(4);
    for (const [column, { ns, ratio }] of figures.entries()) {
      const base = assay[column]!.ns;
      // Both are printed rounded.
      const off = Math.abs(ratio - ns / base);
      expect(off).toBeLessThanOrEqual(0.005 + (0.5 + ratio * 0.5) / base + 1e-9);
    }
  }
  expect(status).toBe(0);
});

test("the median is of the rounds' CPU time, without the warm-up, and every round begins with another", () => {
  let now = 0;
  const turns: string[] = [];
  const contender = (name: string, costs: number[]) => ({
    name,
    pass: () => {
      turns.push(name);
      now += costs.shift() ?? 0;
    },
  });
  const contenders = [contender("a", [900, 30, 10, 20]), contender("b", [900, 7, 7, 5])];
  const medians = interleave(contenders, { rounds: 3, leastUs: 1, clock: () => now });
  expect([...medians]).toEqual([
    ["a", 20],
    ["b", 7],
  ]);
  expect(turns.join("")).toBe("abbaabba");
});

test("a short pass is repeated until its sample is long enough", () => {
  let now = 0;
  const contenders = [{ name: "a", pass: () => (now += 3) }];
  const medians = interleave(contenders, { rounds: 1, leastUs: 10, clock: () => now });
  expect(medians.get("a")).toBe(3);
  expect(now).toBe(24);
});

test("the mix has the shares and lengths it says, and is the same for the same seed", () => {
  const mix = mixOf(20_000, 42);
  const of = (...keys: string[]): number =>
    Math.round((100 * mix.filter(({ key }) => keys.includes(key)).length) / mix.length);
  expect(mixOf(20_000, 42)).toEqual(mix);
  expect(mixOf(20_000, 43)).not.toEqual(mix);
  expect([of("db.query.text"), of("user_agent.original"), of("exception.stacktrace")]).toEqual([
    8, 6, 2,
  ]);
  const secrets = mix.filter(({ secret }) => secret !== undefined);
  expect(Math.round((100 * secrets.length) / mix.length)).toBe(2);
  expect(secrets.every(({ value, secret }) => String(value).includes(secret!))).toBe(true);
  expect(new Set(stacksOf(5, 3_000, 1).map(({ value }) => String(value).length))).toEqual(
    new Set([3_000]),
  );
});

test("an unknown name is answered with one sentence that lists the known ones", () => {
  const known = expect.stringMatching(/use one of: (?:[a-z-]+, )*redaction(?:, [a-z-]+)*\.\n$/);
  expect(bench("speed")).toEqual({ status: 2, stdout: "", stderr: known });
  expect(bench("speed").stderr).toContain('The name of the benchmark is "speed"');
  expect(bench().stderr).toContain("The name of the benchmark is missing");
});
