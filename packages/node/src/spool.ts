import { isMainThread } from "node:worker_threads";
import type { Config } from "./config.ts";
import { envOf } from "./declared.ts";
import { createSay } from "./diagnostics.ts";
import type { Encoder } from "./encoders.ts";
import type { RedactorFor } from "./gate-values.ts";
import type { SelfMetrics, Signal } from "./self-metrics.ts";
import { createSpoolBatches, type SpoolBatches } from "./spool-batches.ts";
import { openSpoolFolder } from "./spool-folder.ts";
import { createReplay } from "./spool-replay.ts";
import { RENEW_MS, SPOOL_DELAY_MS } from "./spool-schedule.ts";
import { createSeal } from "./spool-seal.ts";

/** What an outbox tells the spool of its batches. */
export interface OutboxSpool<Item> {
  /** Milliseconds that an item waits for others at most: what is to outlive a SIGKILL has no more time. */
  delayMs: number;
  /** A batch is redacted and not acknowledged. */
  keep(items: readonly Item[]): void;
  /** It is acknowledged, or lost. */
  forget(items: readonly Item[]): void;
  /** There is no room for it in memory; `false` when it is not on disk. */
  leave(items: readonly Item[]): boolean;
}

/** Batches on disk, encrypted, until they are acknowledged. */
export interface Spool extends Pick<SpoolBatches, "keepNow" | "forgetNow" | "keeps" | "close"> {
  of<Item>(encoder: Encoder<Item>): OutboxSpool<Item>;
  /** Sends what earlier processes left, until nothing is left or the Collector does not take it now. */
  replay(): Promise<void>;
}

const opened = new WeakMap<Config, Spool>();

/** Gives the spool of a process that has a folder and a key for it; the same one for the same configuration. */
export function spoolOf(config: Config, redactorFor: RedactorFor, self: SelfMetrics): Spool {
  const known = opened.get(config) ?? openSpool(config, redactorFor, self);
  opened.set(config, known);
  return known;
}

function openSpool(config: Config, redactorFor: RedactorFor, self: SelfMetrics): Spool {
  const say = createSay(() => redactorFor("diagnostic"), "ASSAY_SPOOL");
  const folder = openSpoolFolder(config.spoolDir, config.spoolBytes);
  const seal = createSeal(config.spoolKeys);
  let isFull = false;

  const batches = createSpoolBatches({
    folder,
    seal,
    maxBytes: config.spoolBytes,
    onEvicted(path, lost) {
      replay.drop(path);
      self.dropped(signalOf(lost), "spool_full", lost.items);
      if (!isFull)
        say(
          `more than ${config.spoolBytes} bytes are held; the oldest batches are dropped and counted.`,
        );
      isFull = true;
    },
    say,
  });
  const replay = createReplay({
    seal,
    env: envOf(config),
    remove: (path) => batches.remove(path),
    setAside: (path) => folder.setAside(path),
    isOn: ({ signal }) =>
      (signal === "LOGS" ? config.logsExporter : config.tracesExporter).includes("otlp"),
    // Of what cannot be read it is not known what it was; it is counted as one.
    onLost: (batch, reason) =>
      self.dropped(batch === undefined ? "traces" : signalOf(batch), reason, batch?.items ?? 1),
    say,
  });

  const adopt = (endedThread?: number): void => {
    try {
      const files = folder.adopt(endedThread);
      batches.adopted(files);
      replay.add(files.map(({ path }) => path));
      void replay.run();
    } catch (error) {
      say(
        `what was left cannot be read: ${error instanceof Error ? error.message : "no reason given"}.`,
      );
    }
  };
  const renew = (): void => {
    try {
      folder.renew();
    } catch {
      // Somebody removed the folder; what is written next tells it.
    }
  };
  // A worker thread lives as long as its application wants, and has its own spans alone to look after.
  const look = (): void => {
    renew();
    if (isMainThread) adopt();
  };
  let isBegun = !isMainThread;
  const begin = (): void => {
    if (!isBegun) adopt();
    isBegun = true;
  };
  if (isMainThread) {
    setImmediate(() => begin()).unref();
    process.on("worker", (worker) => {
      const { threadId } = worker;
      worker.once("exit", () => adopt(threadId));
    });
  }
  const timer = setInterval(look, RENEW_MS).unref();

  return {
    of: (encoder) => ({
      delayMs: SPOOL_DELAY_MS,
      keep: (items) => batches.keep(items, encoder),
      forget: (items) => batches.forget(items),
      leave(items) {
        const path = batches.leave(items);
        if (path === undefined) return false;
        replay.add([path]);
        void replay.run();
        return true;
      },
    }),
    replay() {
      begin(); // a process of one turn is at its end before it looked
      return replay.run();
    },
    keepNow: (...given) => batches.keepNow(...given),
    forgetNow: (items) => batches.forgetNow(items),
    keeps: (items) => batches.keeps(items),
    close() {
      clearInterval(timer);
      batches.close();
    },
  };
}

function signalOf({ signal }: { signal: "TRACES" | "LOGS" }): Signal {
  return signal === "LOGS" ? "logs" : "traces";
}
