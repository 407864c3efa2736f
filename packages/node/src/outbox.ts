import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import { type Delivery, failedBy } from "./delivery.ts";
import type { Say } from "./diagnostics.ts";
import type { DropClass } from "./drop-class.ts";
import { type Batch, createFresh, halvesOf, type Load, SLICE } from "./fresh.ts";
import { shed } from "./shed.ts";
import { shield } from "./shield.ts";
import type { OutboxSpool } from "./spool.ts";

export interface OutboxOptions<Item, Kept = Item> {
  /** Word for the items in sentences: "spans". */
  items: string;
  /** The egress gate: gives the items that may leave, redacted, as they are kept until then. Runs off the request, a few items at a time. */
  gate: (items: readonly Item[]) => Kept[];
  /** Sends one batch. Never rejects. */
  send: (batch: readonly Kept[]) => Promise<Delivery>;
  /** About how many bytes an item keeps in memory. */
  weigh: (item: Item) => number;
  /** Items held at most; above it the oldest go first, but those of payments and errors last. */
  capacity: number;
  classOf: (item: Item) => DropClass;
  /** The same, of what is redacted. */
  classOfKept: (kept: Kept) => DropClass;
  /** Bytes held at most. */
  capacityBytes: number;
  batchSize: number;
  /** Milliseconds that an item waits for others at most. */
  delayMs: number;
  /** Keeps batches on disk until they are answered. */
  spool?: OutboxSpool<Kept> | undefined;
  /** With the class of each item that is lost. */
  onDropped: (
    classes: readonly DropClass[],
    reason: "queue_full" | "rejected" | "exit_deadline",
  ) => void;
  say: Say;
}

/** Counts since the start, and how delivery goes at the moment. */
export interface OutboxState {
  held: number;
  delivered: number;
  dropped: number;
  /** When a batch was last acknowledged, in milliseconds since 1970. */
  lastDeliveredAt: number | undefined;
  /** When a delivery first failed, while none has succeeded since. */
  failingSince: number | undefined;
}

/** What is finished and not yet acknowledged by the Collector. */
export interface Outbox<Item, Kept = Item> {
  /** Takes an item; it stays here until it is acknowledged, refused or pushed out by newer ones. */
  push(item: Item): void;
  /** Whether something is held. */
  holds(): boolean;
  /** Counts, for health and for the doctor. */
  state(): OutboxState;
  /**
   * Takes all that is not acknowledged, through the gate and in batches, for delivery by other means. Synchronous;
   * what cannot be redacted within `forMs` is dropped and counted.
   */
  takeAll(forMs: number): (readonly Kept[])[];
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
export function createOutbox<Item, Kept = Item>(
  options: OutboxOptions<Item, Kept>,
): Outbox<Item, Kept> {
  const { items, gate, send, weigh, capacity, capacityBytes, batchSize } = options;
  const { classOf, classOfKept, say, spool } = options;
  const delayMs = Math.min(options.delayMs, spool?.delayMs ?? options.delayMs);
  const counted = { delivered: 0, dropped: 0 };
  let lastDeliveredAt: number | undefined;
  let failing: { since: number; delivered: number; dropped: number } | undefined;
  const onDropped: OutboxOptions<Item>["onDropped"] = (classes, reason) => {
    counted.dropped += classes.length;
    options.onDropped(classes, reason);
  };
  const fresh = createFresh(gate, batchSize);
  let queue: Batch<Kept>[] = [];
  const flying = new Set<Batch<Kept>>();
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
      // Not before all are taken: nothing waits longer than the delay because others come.
      if (all) {
        clearTimeout(turnTimer);
        turnTimer = undefined;
      }
      clearImmediate(turnSoon);
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
    if (fresh.waiting() >= SLICE) turnSoon ??= setImmediate(turn, false);
    if (fresh.count() > 0) turnTimer ??= setTimeout(turn, delayMs, true).unref();
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
        (error: unknown) => settle(batch, failedBy(error)),
      );
    }
  };

  const settle = shield(
    "an outbox",
    (batch: Batch<Kept>, outcome: Delivery): void => {
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
  const isToBlame = (batch: Batch<Kept>): boolean =>
    batch.failedAfter !== undefined && accepted > batch.failedAfter;

  const postpone = (batch: Batch<Kept>, outcome: Extract<Delivery, { ok: false }>): void => {
    if (outcome.failed === true) {
      batch.failedAfter ??= accepted;
      queue.push(batch);
      // The next one tells whether it is the server or the batch.
      if (queue.some((other) => other.failedAfter === undefined)) return sendNext();
    } else queue.unshift(batch);
    if (retryTimer !== undefined) return;
    failures += 1;
    if (failures === 1) {
      failing = { since: Date.now(), ...counted };
      const until = `They are held and sent again: ${held.count} now, at most ${capacity}, or ${megabytes(capacityBytes)} MB.`;
      say(`${items} are not delivered: ${outcome.reason}. ${until}`);
    }
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    retryTimer = setTimeout(sendNext, delay).unref();
  };

  const answered = (batch: Batch<Kept>, outcome: Delivery): void => {
    if (outcome.ok) {
      counted.delivered += batch.items.length;
      lastDeliveredAt = Date.now();
    }
    if (failures > 0 && failing !== undefined) {
      const left = held.count - (outcome.ok ? batch.items.length : 0);
      say(
        `${items} are delivered again: ${counted.delivered - failing.delivered} delivered, ${left} held, ${counted.dropped - failing.dropped} dropped.`,
      );
    }
    failing = undefined;
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
      onDropped(batch.items.map(classOfKept), "rejected");
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
    const gone = shed({ queue, fresh, classOf, classOfKept, batchSize });
    if (gone === undefined) return false;
    const { classes, bytes, of } = gone;
    release({ count: classes.length, bytes });
    if (of !== undefined) spool?.forget(of);
    if (classes.length === 0) return true;
    onDropped(classes, "queue_full");
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
    state: () => ({
      held: held.count,
      ...counted,
      lastDeliveredAt,
      failingSince: failing?.since,
    }),
    takeAll(forMs) {
      judge(forMs, true);
      queue.push(...fresh.seal());
      const late = fresh.dropAll();
      if (late.items.length > 0) onDropped(late.items.map(classOf), "exit_deadline");
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

function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
