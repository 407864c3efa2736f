import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Say } from "./diagnostics.ts";
import type { DropClass } from "./drop-class.ts";
import { type Batch, createFresh, type Load } from "./fresh.ts";
import { shed } from "./shed.ts";
import { shield } from "./shield.ts";
import type { OutboxSpool } from "./spool.ts";

/**
 * How an attempt to deliver a batch ended.
 *
 * `rejected` is a refusal that no retry can change; `byItem` says that it is about what is in the batch, or about its
 * size, so that a part of the batch may be accepted. `failed` says that the server itself failed, on this batch or on
 * all.
 */
export type Delivery =
  | { ok: true }
  | { ok: false; rejected: boolean; byItem?: boolean; failed?: boolean; reason: string };

export interface OutboxOptions<Item> {
  /** Word for the items in sentences: "spans". */
  items: string;
  /** The egress gate: gives the items that may leave, redacted. Runs off the request, a few items at a time. */
  gate: (items: readonly Item[]) => Item[];
  /** Sends one batch. Never rejects. */
  send: (batch: readonly Item[]) => Promise<Delivery>;
  /** About how many bytes an item keeps in memory. */
  weigh: (item: Item) => number;
  /** Items held at most; above it the oldest go first, but those of payments and errors last. */
  capacity: number;
  classOf: (item: Item) => DropClass;
  /** Bytes held at most. */
  capacityBytes: number;
  batchSize: number;
  /** Milliseconds that an item waits for others at most. */
  delayMs: number;
  /** Keeps batches on disk until they are answered. */
  spool?: OutboxSpool<Item> | undefined;
  onDropped: (items: readonly Item[], reason: "queue_full" | "rejected" | "exit_deadline") => void;
  say: Say;
}

/** What is finished and not yet acknowledged by the Collector. */
export interface Outbox<Item> {
  /** Takes an item; it stays here until it is acknowledged, refused or pushed out by newer ones. */
  push(item: Item): void;
  /** Whether something is held. */
  holds(): boolean;
  /**
   * Takes all that is not acknowledged, through the gate and in batches, for delivery by other means. Synchronous;
   * what cannot be redacted within `forMs` is dropped and counted.
   */
  takeAll(forMs: number): (readonly Item[])[];
  /** Sends many batches at once, until all are acknowledged or nothing more can be sent now; `false` then. */
  drain(): Promise<boolean>;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;
// Longer, and a request that comes meanwhile would notice.
const TURN_MS = 5;
const REQUESTS_AT_THE_END = 16;

/**
 * Makes the queue between a provider and an OTLP exporter.
 *
 * Upstream's batch processors lose a batch when OTEL_EXPORTER_OTLP_TIMEOUT has passed, drop what is above their limit
 * without a count, and the one for log records cannot be emptied synchronously when a process exits. Here a batch is
 * kept for as long as `capacity` allows. No timer of it keeps the process alive.
 */
export function createOutbox<Item>(options: OutboxOptions<Item>): Outbox<Item> {
  const { items, gate, send, weigh, capacity, capacityBytes, batchSize } = options;
  const { onDropped, say, spool } = options;
  const delayMs = Math.min(options.delayMs, spool?.delayMs ?? options.delayMs);
  const mayGo = (item: Item): boolean => options.classOf(item) === "other";
  const fresh = createFresh(gate, batchSize);
  let queue: Batch<Item>[] = [];
  const flying = new Set<Batch<Item>>();
  const held: Load = { count: 0, bytes: 0 };
  let accepted = 0;
  let failures = 0;
  let drains = 0;
  const said = new Set<string>();
  let turnTimer: NodeJS.Timeout | undefined;
  let turnSoon: NodeJS.Immediate | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  const waiting: (() => void)[] = [];

  const release = ({ count, bytes }: Load): void => {
    held.count -= count;
    held.bytes -= bytes;
  };

  const judge = (forMs: number, all: boolean): void => {
    const { batches, gone } = fresh.judge(forMs, all);
    queue.push(...batches);
    if (spool !== undefined) for (const batch of batches) spool.keep(batch.items);
    release(gone);
  };

  // `all`: also what does not fill a batch. Goes on in the next turn of the loop when it takes longer.
  const turn = shield(
    "an outbox",
    (all: boolean): void => {
      clearTimeout(turnTimer);
      turnTimer = undefined;
      turnSoon = undefined;
      judge(TURN_MS, all);
      if (all && fresh.count() > 0) turnSoon = setImmediate(turn, true);
      else schedule();
      if (failures === 0) sendNext();
    },
    () => {},
  );

  const schedule = (): void => {
    // Never in the turn in which an item ends, so that redaction is no part of a request.
    if (fresh.count() >= batchSize) turnSoon ??= setImmediate(turn, false);
    else if (fresh.count() > 0) turnTimer ??= setTimeout(turn, delayMs, true).unref();
  };

  const sendNext = (): void => {
    clearTimeout(retryTimer);
    retryTimer = undefined;
    while (flying.size < (drains > 0 ? REQUESTS_AT_THE_END : 1)) {
      const batch = queue.shift();
      if (batch === undefined) return;
      flying.add(batch);
      const delivery = context.with(suppressTracing(context.active()), () => send(batch.items));
      void delivery.then(
        (outcome) => settle(batch, outcome),
        (error: unknown) => settle(batch, failure(error)),
      );
    }
  };

  const settle = shield(
    "an outbox",
    (batch: Batch<Item>, outcome: Delivery): void => {
      // Absent: taken for delivery at exit while it was on its way.
      if (!flying.delete(batch)) return;
      if (outcome.ok || outcome.rejected) answered(batch, outcome);
      else if (outcome.failed === true && isToBlame(batch)) {
        answered(batch, { ...outcome, rejected: true, byItem: true });
      } else postpone(batch, outcome);
      for (const wake of waiting.splice(0)) wake();
    },
    () => {},
  );

  // A server that fails on one batch and takes others would hold them all up.
  const isToBlame = (batch: Batch<Item>): boolean =>
    batch.failedAfter !== undefined && accepted > batch.failedAfter;

  const postpone = (batch: Batch<Item>, outcome: Extract<Delivery, { ok: false }>): void => {
    if (outcome.failed === true) {
      batch.failedAfter ??= accepted;
      queue.push(batch);
      // The next one tells whether it is the server or the batch.
      if (queue.some((other) => other.failedAfter === undefined)) return sendNext();
    } else queue.unshift(batch);
    if (retryTimer !== undefined) return;
    failures += 1;
    if (failures === 1) {
      const until = `Up to ${capacity} of them, ${megabytes(capacityBytes)} MB, are held and sent again.`;
      say(`${items} are not delivered: ${outcome.reason}. ${until}`);
    }
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    retryTimer = setTimeout(sendNext, delay).unref();
  };

  const answered = (batch: Batch<Item>, outcome: Delivery): void => {
    if (failures > 0) say(`${items} are delivered again.`);
    failures = 0;
    if (outcome.ok) {
      accepted += 1;
      said.clear();
    }
    const halves = outcome.ok || outcome.byItem !== true ? [] : halvesOf(batch);
    if (spool !== undefined) {
      for (const half of halves) spool.keep(half.items);
      spool.forget(batch.items);
    }
    if (halves.length > 0) queue.unshift(...halves);
    else release({ count: batch.items.length, bytes: batch.bytes });
    if (!outcome.ok && halves.length === 0) {
      onDropped(batch.items, "rejected");
      sayOnce(
        "rejected",
        `${items} are refused and lost: ${outcome.reason}. Their count is in metrics.`,
      );
    }
    sendNext();
  };

  // Until something is delivered, each trouble is told once.
  const sayOnce = (trouble: string, sentence: string): void => {
    if (!said.has(trouble)) say(sentence);
    said.add(trouble);
  };

  // `false` when all that is held is on its way.
  const makeRoom = (): boolean => {
    const [oldest] = queue;
    if (oldest !== undefined && spool?.leave(oldest.items) === true) {
      queue.shift();
      release({ count: oldest.items.length, bytes: oldest.bytes });
      return true;
    }
    const gone = shed({ queue, fresh, mayGo, batchSize });
    if (gone === undefined) return false;
    release({ count: gone.items.length, bytes: gone.bytes });
    spool?.forget(gone.of ?? gone.items);
    if (gone.items.length === 0) return true;
    onDropped(gone.items, "queue_full");
    sayOnce(
      "full",
      `more than ${capacity} ${items} or ${megabytes(capacityBytes)} MB are held; the oldest are dropped and counted, those of payments and errors last.`,
    );
    return true;
  };

  const isFull = (): boolean => held.count > capacity || held.bytes > capacityBytes;

  return {
    push(item) {
      const bytes = weigh(item);
      held.count += 1;
      held.bytes += bytes;
      fresh.push(item, bytes);
      while (isFull() && makeRoom());
      schedule();
    },
    holds: () => held.count > 0,
    takeAll(forMs) {
      judge(forMs, true);
      queue.push(...fresh.seal());
      const late = fresh.dropAll();
      if (late.items.length > 0) onDropped(late.items, "exit_deadline");
      const taken = [...flying, ...queue].map((batch) => batch.items);
      flying.clear();
      queue = [];
      held.count = 0;
      held.bytes = 0;
      return taken;
    },
    async drain() {
      drains += 1;
      try {
        sendNext();
        for (judge(TURN_MS, true); fresh.count() > 0; judge(TURN_MS, true)) {
          if (failures === 0) sendNext();
          await new Promise((resolve) => {
            setImmediate(resolve);
          });
        }
        sendNext();
        while (flying.size > 0) await new Promise<void>((resolve) => waiting.push(resolve));
        return queue.length === 0;
      } finally {
        drains -= 1;
      }
    },
  };
}

function failure(error: unknown): Delivery {
  const reason = error instanceof Error ? error.message : "no reason given";
  return { ok: false, rejected: false, reason };
}

function halvesOf<Item>({ items, bytes }: Batch<Item>): Batch<Item>[] {
  if (items.length < 2) return [];
  const half = Math.ceil(items.length / 2);
  return [items.slice(0, half), items.slice(half)].map((part) => ({
    items: part,
    bytes: (part.length / items.length) * bytes,
  }));
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
