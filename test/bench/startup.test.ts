import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONTENDERS } from "./startup-contenders.ts";
import { type Cost, medianStarts } from "./startup-cost.ts";

test("the start-up benchmark prints each contender's CPU time, memory and modules for each application", () => {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "run.ts"), "startup", "--rounds", "1"],
    { encoding: "utf8" },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  for (const name of ["trivial", "express"]) {
    const [, table = ""] = stdout.split(`\n${name} `);
    const rows = table.split("\n").slice(1, 4);
    expect(rows).toEqual([
      expect.stringMatching(/^bare Node +[\d.]+ +[\d.]+ +\d+$/),
      expect.stringMatching(/^upstream's register 0\.82( +[\d.]+ \(\+[\d.]+, 1\.000×\)){2} +\d+$/),
      expect.stringMatching(/^Assay( +[\d.]+ \(\+-?[\d.]+, -?[\d.]+×\)){2} +\d+$/),
    ]);
  }
});

// Of the three figures the one that is the same in every run; time and memory are the benchmark's to show.
test("Assay adds at most ten files to a process", () => {
  const [bare, , assay] = medianStarts("trivial", CONTENDERS, 1) as [Cost, Cost, Cost];
  expect(assay.modules - bare.modules).toBeGreaterThan(0);
  expect(assay.modules - bare.modules).toBeLessThanOrEqual(10);
});

test("the contenders take turns, another begins each round, and the first round is not counted", () => {
  const order: string[] = [];
  const costs = medianStarts("trivial", [{ name: "a" }, { name: "b" }], 3, (_app, { name }) => {
    order.push(name);
    const first = order.length <= 2;
    return { cpuMs: first ? 1_000 : order.length, rssMb: 1, modules: 1 };
  });
  expect(order.join("")).toBe("abbaabba");
  expect(costs.map(({ cpuMs }) => cpuMs)).toEqual([5, 6]);
});
