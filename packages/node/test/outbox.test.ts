import { expect, test } from "vitest";
import type { Delivery } from "../src/delivery.ts";
import { createOutbox, type OutboxOptions } from "../src/outbox.ts";

const AWAY: Delivery = { ok: false, rejected: false, reason: "away" };

function outboxOf(answers: Delivery[], options: Partial<OutboxOptions<number>> = {}) {
  const sent: number[][] = [];
  const dropped: [number, string][] = [];
  const said: string[] = [];
  const outbox = createOutbox<number>({
    items: "spans",
    gate: (items) => [...items],
    send: async (batch) => {
      sent.push([...batch]);
      return answers.shift() ?? { ok: true };
    },
    weigh: () => 1,
    classOf: () => "other",
    classOfKept: () => "other",
    capacity: 100,
    capacityBytes: 1024 ** 3,
    batchSize: 2,
    delayMs: 1,
    onDropped: (gone, reason) => dropped.push([gone.length, reason]),
    say: (sentence) => said.push(sentence),
    ...options,
  });
  return { outbox, sent, dropped, said };
}

test("sends in batches, in order", async () => {
  const { outbox, sent } = outboxOf([]);
  for (const item of [1, 2, 3, 4, 5]) outbox.push(item);
  expect(await outbox.drain()).toBe(true);
  expect(sent).toEqual([[1, 2], [3, 4], [5]]);
});

test("keeps a batch that was not acknowledged and sends it again", async () => {
  const { outbox, sent, dropped, said } = outboxOf([AWAY]);
  outbox.push(1);
  expect(await outbox.drain()).toBe(false);
  expect(outbox.state()).toMatchObject({ held: 1, delivered: 0, failingSince: expect.any(Number) });
  expect(await outbox.drain()).toBe(true);
  expect(outbox.state()).toEqual({
    held: 0,
    delivered: 1,
    dropped: 0,
    lastDeliveredAt: expect.any(Number),
    failingSince: undefined,
  });
  expect(sent).toEqual([[1], [1]]);
  expect(dropped).toEqual([]);
  expect(said).toEqual([
    "spans are not delivered: away. They are held and sent again: 1 now, at most 100, or 1024 MB.",
    "spans are delivered again: 1 delivered, 0 held, 0 dropped.",
  ]);
});

test("tells of an outage once, however long it lasts", async () => {
  const { outbox, said } = outboxOf([AWAY, AWAY, AWAY]);
  outbox.push(1);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    await outbox.drain();
  }
  expect(said).toHaveLength(1);
});

test("gives up what was refused, counts it and goes on with the next batch", async () => {
  const { outbox, sent, dropped } = outboxOf([{ ok: false, rejected: true, reason: "HTTP 400" }]);
  for (const item of [1, 2, 3]) outbox.push(item);
  expect(await outbox.drain()).toBe(true);
  expect(sent).toEqual([[1, 2], [3]]);
  expect(dropped).toEqual([[2, "rejected"]]);
});

test("of a batch that is refused for what is in it, only the refused item is lost", async () => {
  const refused: Delivery = { ok: false, rejected: true, byItem: true, reason: "HTTP 400" };
  const sent: number[][] = [];
  const { outbox, dropped } = outboxOf([], {
    batchSize: 8,
    send: async (batch) => {
      if (batch.includes(3)) return refused;
      sent.push([...batch]);
      return { ok: true };
    },
  });
  for (const item of [1, 2, 3, 4, 5]) outbox.push(item);
  expect(await outbox.drain()).toBe(true);
  expect(sent.flat().toSorted()).toEqual([1, 2, 4, 5]);
  expect(dropped).toEqual([[1, "rejected"]]);
});

test("above its capacity the oldest items go, and each one is counted", async () => {
  const { outbox, dropped } = outboxOf([AWAY], { capacity: 4 });
  for (let item = 1; item <= 9; item += 1) outbox.push(item);
  const kept = outbox.takeAll(1_000).flat();
  const lost = dropped.reduce((sum, [count]) => sum + count, 0);
  expect(kept.at(-1)).toBe(9);
  expect(kept.length).toBeLessThanOrEqual(4);
  expect(kept.length + lost).toBe(9);
});

test("what the gate does not let through is not held", async () => {
  const { outbox, sent } = outboxOf([], {
    gate: (items) => items.filter((item) => item % 2 === 0),
  });
  for (const item of [1, 2, 3]) outbox.push(item);
  expect(await outbox.drain()).toBe(true);
  expect(sent).toEqual([[2]]);
});

test("takes all that is not acknowledged synchronously, also a batch on its way", async () => {
  const { outbox } = outboxOf([], { send: () => new Promise<Delivery>(() => {}) });
  for (const item of [1, 2, 3]) outbox.push(item);
  void outbox.drain();
  expect(outbox.takeAll(1_000)).toEqual([[1, 2], [3]]);
});

test("while the process goes on one batch is on its way, and at its end many", async () => {
  const flying: (() => void)[] = [];
  const { outbox } = outboxOf([], {
    send: () => new Promise<Delivery>((resolve) => flying.push(() => resolve({ ok: true }))),
  });
  for (let item = 1; item <= 10; item += 1) outbox.push(item);
  await expect.poll(() => flying.length).toBe(1);
  const drained = outbox.drain();
  await expect.poll(() => flying.length).toBe(5);
  for (const answer of flying) answer();
  expect(await drained).toBe(true);
});

test("of a batch on which the server fails while it takes others, only the item to blame is lost", async () => {
  const failed: Delivery = { ok: false, rejected: false, failed: true, reason: "HTTP 500" };
  const sent: number[] = [];
  const { outbox, dropped } = outboxOf([], {
    batchSize: 4,
    send: async (batch) => {
      if (batch.includes(3)) return failed;
      sent.push(...batch);
      return { ok: true };
    },
  });
  for (let item = 1; item <= 12; item += 1) outbox.push(item);
  await expect
    .poll(
      async () => {
        outbox.push(100 + sent.length);
        await outbox.drain();
        return dropped;
      },
      { timeout: 10_000 },
    )
    .toEqual([[1, "rejected"]]);
  expect(new Set(sent)).toEqual(new Set([...sent, 1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12]));
  expect(sent).toHaveLength(new Set(sent).size);
});

test("a server that fails on everything loses nothing", async () => {
  const failed: Delivery = { ok: false, rejected: false, failed: true, reason: "HTTP 500" };
  const { outbox, sent, dropped } = outboxOf(Array.from({ length: 9 }, () => failed));
  for (const item of [1, 2, 3, 4, 5, 6]) outbox.push(item);
  for (let attempt = 0; attempt < 3; attempt += 1) expect(await outbox.drain()).toBe(false);
  expect(await outbox.drain()).toBe(true);
  expect(dropped).toEqual([]);
  expect(new Set(sent.slice(-3).flat())).toEqual(new Set([1, 2, 3, 4, 5, 6]));
});

test("holds so many bytes and no more, and counts what goes", async () => {
  const { outbox, dropped, said } = outboxOf([AWAY], { weigh: () => 1024, capacityBytes: 4096 });
  for (let item = 1; item <= 9; item += 1) outbox.push(item);
  const kept = outbox.takeAll(1_000).flat();
  const lost = dropped.reduce((sum, [count]) => sum + count, 0);
  expect(kept.at(-1)).toBe(9);
  expect(kept.length).toBeLessThanOrEqual(4);
  expect(kept.length + lost).toBe(9);
  expect(said).toHaveLength(1);
});

test("what cannot be redacted in time at the exit is counted", () => {
  const { outbox, dropped } = outboxOf([], {
    batchSize: 512,
    capacity: 1000,
    gate: (items) => {
      const until = performance.now() + 10;
      while (performance.now() < until);
      return [...items];
    },
  });
  for (let item = 1; item <= 500; item += 1) outbox.push(item);
  const kept = outbox.takeAll(30).flat().length;
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(500);
  expect(dropped).toEqual([[500 - kept, "exit_deadline"]]);
});

test("a full batch is redacted a little at a time, so that the loop turns meanwhile", async () => {
  const gated: number[] = [];
  const { outbox, sent } = outboxOf([], {
    batchSize: 256,
    capacity: 1000,
    gate: (items) => {
      const until = performance.now() + 6;
      while (performance.now() < until);
      gated.push(performance.now());
      return [...items];
    },
  });
  for (let item = 1; item <= 256; item += 1) outbox.push(item);
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  await expect.poll(() => sent.length).toBe(1);
  clearInterval(turning);
  expect(sent[0]).toHaveLength(256);
  expect(gated).toHaveLength(16);
  expect(turns).toBeGreaterThan(8);
});

test("what ends is redacted a few at a time before it fills a batch, and waits for others no longer for it", async () => {
  const gated: number[] = [];
  const { outbox, sent } = outboxOf([], {
    batchSize: 256,
    capacity: 1000,
    delayMs: 40,
    gate: (items) => {
      gated.push(items.length);
      return [...items];
    },
  });
  // As a service that is never idle: the first item's time is over although others come.
  for (let item = 1; sent.length === 0; item += 1) {
    outbox.push(item);
    await new Promise((resolve) => {
      setTimeout(resolve, 1);
    });
  }
  expect(gated[0]).toBe(16);
  expect(sent[0]!.length).toBeLessThan(256);
});

test("room is made at the expense of the oldest, those that are redacted and fill no batch together", async () => {
  const { outbox, dropped } = outboxOf([], { batchSize: 100, capacity: 100, delayMs: 60_000 });
  for (let item = 1; item <= 50; item += 1) outbox.push(item);
  await new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
  for (let item = 51; item <= 120; item += 1) outbox.push(item);
  const kept = outbox.takeAll(1_000).flat();
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, at) => 121 - kept.length + at));
  const lost = dropped.reduce((sum, [count]) => sum + count, 0);
  expect([kept.length + lost, new Set(dropped.map(([, reason]) => reason))]).toEqual([
    120,
    new Set(["queue_full"]),
  ]);
  expect(lost).toBeLessThanOrEqual(52);
});

// Items of 1000 and more are of payments and errors.
const classOf = (item: number) => (item < 1_000 ? "other" : "payment");
const KEPT = { classOf, classOfKept: classOf } as const;

test("above its capacity what is of payments and errors goes last, whether it is redacted or not", async () => {
  const gone: string[] = [];
  const { outbox } = outboxOf(
    Array.from({ length: 9 }, () => AWAY),
    { ...KEPT, capacity: 10, batchSize: 4, onDropped: (classes) => gone.push(...classes) },
  );
  // Every third one; the first of them are in batches that wait, the others are not redacted yet.
  const push = (from: number, to: number): void => {
    for (let item = from; item < to; item += 1) outbox.push(item % 3 === 0 ? 1_000 + item : item);
  };
  push(0, 8);
  await outbox.drain();
  push(8, 30);
  const held = outbox.takeAll(1_000).flat();
  const payments = Array.from({ length: 10 }, (_, index) => 1_000 + index * 3);
  expect(held.toSorted((a, b) => a - b)).toEqual(payments);
  expect(gone).toEqual(Array.from({ length: 20 }, () => "other"));
});

test("when there are payments alone, the oldest of them go, and no more than has to", () => {
  const { outbox } = outboxOf([], { ...KEPT, capacity: 4 });
  for (let item = 1_000; item < 1_009; item += 1) outbox.push(item);
  expect(outbox.takeAll(1_000).flat()).toEqual([1_005, 1_006, 1_007, 1_008]);
});

test("what is left of several batches goes in as few requests as it fits in", async () => {
  const { outbox } = outboxOf(
    Array.from({ length: 9 }, () => AWAY),
    { ...KEPT, capacity: 12, batchSize: 4 },
  );
  for (const item of [1, 1_000, 2, 3, 4, 1_001, 5, 6, 7, 1_002, 8, 9]) outbox.push(item);
  await outbox.drain();
  for (let item = 2_000; item < 2_009; item += 1) outbox.push(item);
  const [first = []] = outbox.takeAll(1_000);
  expect(first.toSorted()).toEqual([1_000, 1_001, 1_002]);
});
