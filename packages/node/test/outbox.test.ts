import { expect, test } from "vitest";
import { createOutbox, type Delivery, type OutboxOptions } from "../src/outbox.ts";

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
    capacity: 100,
    batchSize: 2,
    delayMs: 1,
    onDropped: (count, reason) => dropped.push([count, reason]),
    say: (sentence) => said.push(sentence),
    ...options,
  });
  return { outbox, sent, dropped, said };
}

test("sends in batches, in order, one at a time", async () => {
  const { outbox, sent } = outboxOf([]);
  for (const item of [1, 2, 3, 4, 5]) outbox.push(item);
  expect(await outbox.drain()).toBe(true);
  expect(sent).toEqual([[1, 2], [3, 4], [5]]);
});

test("keeps a batch that was not acknowledged and sends it again", async () => {
  const { outbox, sent, dropped, said } = outboxOf([AWAY]);
  outbox.push(1);
  expect(await outbox.drain()).toBe(false);
  expect(await outbox.drain()).toBe(true);
  expect(sent).toEqual([[1], [1]]);
  expect(dropped).toEqual([]);
  expect(said).toEqual([
    "spans are not delivered: away. Up to 100 are held and sent again.",
    "spans are delivered again.",
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
  expect(sent.flat()).toEqual([1, 2, 4, 5]);
  expect(dropped).toEqual([[1, "rejected"]]);
});

test("above its capacity the oldest items go, and each one is counted", async () => {
  const { outbox, dropped } = outboxOf([AWAY], { capacity: 4 });
  for (let item = 1; item <= 9; item += 1) outbox.push(item);
  const kept = outbox.takeAll().flat();
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
  expect(outbox.takeAll()).toEqual([[1, 2], [3]]);
});
