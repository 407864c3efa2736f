import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { median, takeTurns } from "./turns.ts";

test("the load benchmark prints CPU time, p99 and memory of each contender beside upstream's and the goals", () => {
  const few = "--few --rounds 1 --requests 40 --warm-up 20 --per-second 100 --seconds 1";
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, "run.ts"), "load", ...few.split(" "), "--settle", "10"],
    { encoding: "utf8" },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const ratio = String.raw` +[\d.]+ \(\+-?[\d.]+, -?[\d.]+×\)`;
  const p99 = String.raw` +[\d.]+ \([\d.]+×\)`;
  for (const [name, goal] of [
    ["express", "0.3"],
    ["fastify", "0.6"],
  ]) {
    const [, table = ""] = stdout.split(`\n${name} `);
    expect(table.split("\n").slice(0, 5)).toEqual([
      expect.stringMatching(/^ +\/json CPU us +\/inner CPU us +p99 ms +RSS MB$/),
      expect.stringMatching(/^bare Node +[\d.]+ +[\d.]+ +[\d.]+ \(1\.00×\) +[\d.]+$/),
      expect.stringMatching(
        new RegExp(`^upstream's register 0\\.82${ratio}${ratio}${p99}${ratio}$`),
      ),
      expect.stringMatching(new RegExp(`^Assay${ratio}${ratio}${p99}${ratio}$`)),
      expect.stringMatching(new RegExp(`^goal for Assay, at most +${goal}× +${goal}× +1\\.2× +-$`)),
    ]);
  }
});

test("the contenders take turns, another begins each round, and a median is of all rounds", async () => {
  const order: string[] = [];
  const samples = await takeTurns(["a", "b"], 3, async (name) => order.push(name));
  expect(order.join("")).toBe("abbaab");
  expect(samples).toEqual([
    [1, 4, 5],
    [2, 3, 6],
  ]);
  expect(samples.map((of) => median(of))).toEqual([4, 3]);
});
