import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

test("20,000 random inputs break no promise of the engine", () => {
  expect(fuzz({ seed: 20261124, to: 20_000 })).toEqual([]);
});

test("the command says its seed and rate, and the same seed makes the same inputs", () => {
  const args = [join(import.meta.dirname, "run.ts"), "--inputs", "200", "--seed", "7"];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  expect(stdout).toMatch(/^200 inputs of seed 7$/m);
  expect(stdout).toMatch(/^0 failures in 200 inputs, seed 7, \d+\.\d s, \d+ inputs a second$/m);
  expect(status).toBe(0);
});

test("a wrong number is answered with one sentence", () => {
  const args = [join(import.meta.dirname, "run.ts"), "--inputs", "many"];
  expect(spawnSync(process.execPath, args, { encoding: "utf8" })).toMatchObject({
    status: 2,
    stderr: "--inputs, --seed and --only are whole numbers, as --inputs 20000.\n",
  });
});
