import { context } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { Say } from "./diagnostics.ts";

/**
 * How an attempt to deliver a batch ended.
 *
 * `rejected` is a refusal that no retry can change; `byItem` says that it is about what is in the batch, or about its
 * size, so that a part of the batch may be accepted.
 */
export type Delivery =
  | { ok: true }
  | { ok: false; rejected: boolean; byItem?: boolean; reason: string };

export interface OutboxOptions<Item> {
  /** Word for the items in sentences: "spans". */
  items: string;
  /** The egress gate: gives the items that may leave, redacted. Runs off the request, when a batch is cut. */
  gate: (items: readonly Item[]) => Item[];
  /** Sends one batch; called for one batch at a time. Never rejects. */
  send: (batch: readonly Item[]) => Promise<Delivery>;
  /** Items held at most; the oldest are dropped first. */
  capacity: number;
  batchSize: number;
  /** Milliseconds that an item waits for others at most. */
  delayMs: number;
  onDropped: (count: number, reason: "queue_full" | "rejected") => void;
  say: Say;
}

/** What is finished and not yet acknowledged by the Collector. */
export interface Outbox<Item> {
  /** Takes an item; it stays here until it is acknowledged, refused or pushed out by newer ones. */
  push(item: Item): void;
  /** Takes all that is not acknowledged, through the gate and in batches, for delivery by other means. Synchronous. */
  takeAll(): (readonly Item[])[];
  /** Waits until the outbox is empty or a delivery fails; `false` when it is not empty then. */
  drain(): Promise<boolean>;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

/**
 * Makes the queue between a provider and an OTLP exporter.
 *
 * Upstream's batch processors lose a batch when OTEL_EXPORTER_OTLP_TIMEOUT has passed, drop what is above their limit
 * without a count, and the one for log records cannot be emptied synchronously when a process exits. Here a batch is
 * kept for as long as `capacity` allows. No timer of it keeps the process alive.
 */
export function createOutbox<Item>(options: OutboxOptions<Item>): Outbox<Item> {
  const { items, gate, send, capacity, batchSize, delayMs, onDropped, say } = options;
  let fresh: Item[] = [];
  const batches: (readonly Item[])[] = [];
  let held = 0;
  let sending: readonly Item[] | undefined;
  let failures = 0;
  const said = new Set<string>();
  let cutTimer: NodeJS.Timeout | undefined;
  let cutSoon: NodeJS.Immediate | undefined;
  let retryTimer: NodeJS.Timeout | undefined;
  const waiting: (() => void)[] = [];

  const cut = (): void => {
    const taken = fresh.splice(0, batchSize);
    const judged = gate(taken);
    held -= taken.length - judged.length;
    if (judged.length > 0) batches.push(judged);
  };

  const cutOne = (): void => {
    clearTimeout(cutTimer);
    cutTimer = undefined;
    cutSoon = undefined;
    cut();
    schedule();
    if (failures === 0) sendNext();
  };

  const cutAll = (): void => {
    while (fresh.length > 0) cut();
  };

  const schedule = (): void => {
    // A full batch is cut in the next turn of the loop, so that redaction is never part of a request.
    if (fresh.length >= batchSize) cutSoon ??= setImmediate(cutOne).unref();
    else if (fresh.length > 0) cutTimer ??= setTimeout(cutOne, delayMs).unref();
  };

  const sendNext = (): void => {
    clearTimeout(retryTimer);
    const batch = batches[0];
    if (sending !== undefined || batch === undefined) return;
    sending = batch;
    const delivery = context.with(suppressTracing(context.active()), () => send(batch));
    void delivery.then((outcome) => settle(batch, outcome));
  };

  const settle = (batch: readonly Item[], outcome: Delivery): void => {
    sending = undefined;
    if (outcome.ok || outcome.rejected) answered(batch, outcome);
    else {
      failures += 1;
      const until = `Up to ${capacity} are held and sent again.`;
      if (failures === 1) say(`${items} are not delivered: ${outcome.reason}. ${until}`);
    }
    for (const wake of waiting.splice(0)) wake();
    if (failures === 0) return sendNext();
    const delay = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
    retryTimer = setTimeout(sendNext, delay).unref();
  };

  const answered = (batch: readonly Item[], outcome: Delivery): void => {
    if (failures > 0) say(`${items} are delivered again.`);
    failures = 0;
    if (outcome.ok) {
      remove(batch);
      said.clear();
    } else if (outcome.byItem !== true || !split(batch)) {
      remove(batch);
      onDropped(batch.length, "rejected");
      sayOnce(
        "rejected",
        `${items} are refused and lost: ${outcome.reason}. Their count is in metrics.`,
      );
    }
  };

  // Until something is delivered, each trouble is told once.
  const sayOnce = (trouble: string, sentence: string): void => {
    if (!said.has(trouble)) say(sentence);
    said.add(trouble);
  };

  // Halves a batch that is refused for what is in it, so that in the end only the refused item is lost.
  const split = (batch: readonly Item[]): boolean => {
    const index = batches.indexOf(batch);
    if (batch.length < 2 || index === -1) return false;
    const half = Math.ceil(batch.length / 2);
    batches.splice(index, 1, batch.slice(0, half), batch.slice(half));
    return true;
  };

  const remove = (batch: readonly Item[]): void => {
    const index = batches.indexOf(batch);
    if (index === -1) return; // pushed out, or taken for delivery at exit, while it was on its way
    batches.splice(index, 1);
    held -= batch.length;
  };

  const makeRoom = (): void => {
    const oldest = batches.shift() ?? fresh.splice(0, Math.min(batchSize, fresh.length - 1));
    held -= oldest.length;
    onDropped(oldest.length, "queue_full");
    sayOnce("full", `more than ${capacity} ${items} are held; the oldest are dropped and counted.`);
  };

  return {
    push(item) {
      fresh.push(item);
      held += 1;
      if (held > capacity) makeRoom();
      schedule();
    },
    takeAll() {
      cutAll();
      held = 0;
      return batches.splice(0);
    },
    async drain() {
      cutAll();
      const failedBefore = failures;
      sendNext();
      while (batches.length > 0 && failures <= failedBefore) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
      return batches.length === 0;
    },
  };
}
