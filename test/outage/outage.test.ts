import { expect, test } from "vitest";
import { runAway } from "./away.ts";
import { runKills } from "./kills.ts";

// The short form of `npm run outage`.
test("while the Collector is away payments and errors are kept, the rest makes room, and each one is counted", async () => {
  const { spans, records, said } = await runAway({
    seconds: 8,
    rate: 1_000,
    queue: 3_000,
    heap: 96,
  });
  for (const tallies of [spans, records]) {
    for (const [of, { finished, arrived, dropped, twice }] of Object.entries(tallies)) {
      expect({ of, twice, lost: finished - arrived - dropped }).toEqual({ of, twice: 0, lost: 0 });
    }
    expect(tallies["other"]!.dropped).toBeGreaterThan(0);
    expect([tallies["payment"]!.dropped, tallies["error"]!.dropped]).toEqual([0, 0]);
    expect(tallies["payment"]!.arrived).toBeGreaterThan(0);
  }
  // One sentence for each when it is away, when it is full, and when it is back; metrics have no queue.
  expect(said.filter((line) => !line.includes(": metrics "))).toHaveLength(6);
});

test("every span that finished the stated time before a SIGKILL arrives, and none of an acknowledged batch twice", async () => {
  const result = await runKills({ kills: 8, rate: 300, seed: Date.now() % 2 ** 31 });
  expect(result).toMatchObject({ lost: 0, duplicated: 0 });
  expect(result.promised).toBeGreaterThan(0);
  expect(result.replayed).toBeGreaterThan(0);
});
