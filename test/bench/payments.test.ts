import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the benchmark of payments prints what a payment adds, without an SDK and with one", () => {
  const run = join(import.meta.dirname, "run.ts");
  const args = [run, "payments", "--payments", "200", "--rounds", "1"];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const figures = [...stdout.matchAll(/^(.+?) +(-?\d+\.\d\d) us/gm)].map(([, name = "", us]) => ({
    name,
    us: Number(us),
  }));
  expect(status).toBe(0);
  expect(figures.map(({ name }) => name)).toEqual([
    "a bare span with as many attributes, no SDK",
    "a payment: amount, transition, completion, no SDK",
    "the payment adds",
    "a bare span with as many attributes, with an SDK",
    "a payment: amount, transition, completion, with an SDK",
    "the payment adds",
  ]);
  for (const at of [0, 3]) {
    const [bare, payment, added] = figures.slice(at, at + 3).map(({ us }) => us);
    // Each is printed rounded.
    expect(Math.abs(payment! - bare! - added!)).toBeLessThan(0.016);
  }
  expect(stdout).toMatch(/^a scrape, 1800 payments of 10,000 tenants +0\.\d\d MB; aim 0\.5$/m);
  expect(stdout).toMatch(/^the same, median of 20 +\d+\.\d ms; aim 30$/m);
  expect(stdout).toMatch(/^heap held after 10 times 1,000 concurrent payments +-?\d+ KiB$/m);
});
