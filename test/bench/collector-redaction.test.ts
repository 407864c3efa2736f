import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const ROWS = [
  "the Collector alone",
  "assayredaction",
  "contrib's redaction, 20 patterns",
  "contrib's second net, whole (contrib.yaml)",
];

test("every Collector has a figure for both mixes, and each ratio is of its figures", () => {
  const script = join(import.meta.dirname, "collector-redaction.mts");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [script, "--rounds", "1", "--sample", "1"],
    { encoding: "utf8" },
  );
  expect([status, stderr]).toEqual([0, ""]);
  const rows = Array.from(
    stdout.matchAll(/^(.+?) {2,}(\d+\.\d\d) +(-?\d+\.\d\d) +(\d+\.\d\d)x$/gm),
    ([, name, us, added, ratio]) => ({
      name,
      us: Number(us),
      added: Number(added),
      ratio: Number(ratio),
    }),
  );
  expect(rows.map(({ name }) => name)).toEqual([...ROWS, ...ROWS]);
  for (const [index, { us, added, ratio }] of rows.entries()) {
    const alone = rows[index < ROWS.length ? 0 : ROWS.length]!.us;
    expect(Math.abs(added - (us - alone))).toBeLessThan(0.02);
    expect(Math.abs(ratio - us / alone)).toBeLessThan(0.01 + ratio / 50);
  }
});
