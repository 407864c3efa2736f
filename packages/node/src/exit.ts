import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { watchEnds } from "./ends.ts";
import type { Flush } from "./flush.ts";
import type { End } from "./open-spans.ts";
import type { Exporters } from "./exporters.ts";
import { shield, tellFault } from "./shield.ts";
import type { Spool } from "./spool.ts";
import type { Telemetry } from "./telemetry.ts";
import type { Threads } from "./threads.ts";

/** Milliseconds that ending may take for telemetry, whatever the Collector does. */
export const EXIT_DEADLINE_MS = 2_000;

// An end that comes later than this after a flush is another one.
const SAME_END_MS = 1_000;

export interface ExitOptions {
  config: Config;
  /** `undefined` as long as nothing has been made that could be delivered. */
  telemetry: () => Pick<Telemetry, "exporters" | "errors"> | undefined;
  /** What was thrown and ends the process now, if anything was. */
  thrown: () => End | undefined;
  threads: Threads;
  spool: Spool | undefined;
  say: Say;
}

/**
 * Makes every ordinary end of the process deliver what is finished.
 *
 * Normal end: waits for the Collector, EXIT_DEADLINE_MS at most. SIGTERM and SIGINT: the same, and then the signal is
 * raised again when nobody else listens to it, so that it ends the process as in plain Node. process.exit and an
 * uncaught exception: sends synchronously. Spans that are open when nothing goes on any more are ended. Worker threads
 * are asked to do the same when the main thread ends. Exit codes stay as they were.
 */
export function installExits(options: ExitOptions): Flush {
  const { config, telemetry, thrown, threads, spool, say } = options;
  const flush: Flush = async (timeoutMs = EXIT_DEADLINE_MS) => {
    const made = telemetry();
    if (made === undefined && spool === undefined) return true;
    const all = (async () => {
      const drained = Promise.all([
        made?.exporters.spans?.drain() ?? true,
        made?.exporters.logs?.drain() ?? true,
        made?.errors?.client.flush(timeoutMs) ?? true,
      ]);
      // Last, so that they count what the gate has just found.
      const readers = made?.exporters.metricReaders ?? [];
      await Promise.allSettled(readers.map((reader) => reader.forceFlush()));
      await spool?.replay();
      return (await drained).every(Boolean);
    })();
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<false>((resolve) => {
      // Not unref'd: it keeps the process alive for as long as the flush may take, and no longer.
      timer = setTimeout(resolve, timeoutMs, false);
    });
    const done = await Promise.race([all, deadline]);
    clearTimeout(timer);
    return done;
  };

  // One end is often several events: a signal, then exit. Together they have one deadline.
  let flushed = { at: Number.NEGATIVE_INFINITY, until: Number.NEGATIVE_INFINITY };
  const isSameEnd = (): boolean => performance.now() - flushed.at < SAME_END_MS;
  const flushOnce = async (): Promise<void> => {
    if (isSameEnd()) return;
    const until = performance.now() + EXIT_DEADLINE_MS;
    const [done] = await Promise.all([flush(), threads.settled(until)]);
    if (!done) flushed = { at: performance.now(), until };
  };

  const deadlineOfEnd = (): number =>
    isSameEnd() ? flushed.until : performance.now() + EXIT_DEADLINE_MS;

  const sendRest = (end: End): void => {
    const made = telemetry();
    if (made === undefined) return;
    const { exporters, errors } = made;
    exporters.openSpans.endAll(end);
    const failed = errors?.client.pending() ?? [];
    const holds = exporters.spans?.holds() === true || exporters.logs?.holds() === true;
    if (!holds && failed.length === 0) return;
    const { sendHeld } = require("./exit-requests") as typeof import("./exit-requests.ts");
    for (const sentence of sendHeld(config, exporters, failed, spool, deadlineOfEnd()))
      say(sentence);
  };

  const sendSafely = (end: End): void => {
    try {
      const until = deadlineOfEnd();
      threads.ask(end);
      sendRest(end);
      threads.waitUntil(until);
      spool?.close();
    } catch (error) {
      // Thrown from here it would change how the process ends.
      say(
        `what was left could not be sent: ${error instanceof Error ? error.message : "no reason given"}.`,
      );
    }
  };

  // Rejected it would be an unhandled rejection of the application's, and a signal would not be raised again.
  const flushSafely = (): Promise<void> =>
    flushOnce().catch((error: unknown) => tellFault("the flush", error));
  const endOpen = shield(
    "what ends open spans",
    (end: End) => {
      telemetry()?.exporters.openSpans.endAll(end);
      threads.ask(end);
    },
    () => {},
  );

  let isFlushing = false;
  let isTold = false; // of the end that comes next
  const ends = watchEnds({
    beforeExit() {
      // The application hears of each end once, when what it has finished is sent or cannot be.
      if (isFlushing || isTold || (telemetry() === undefined && spool === undefined)) {
        isTold = false;
        return false;
      }
      isFlushing = true;
      void flushSafely().then(() => {
        isFlushing = false;
        isTold = true;
        setImmediate(() => {}); // one more turn of the loop, or Node would end without telling the application
      });
      return true;
    },
    exit: () => sendSafely(thrown() ?? { by: "process_exit" }),
    signal(name, alone) {
      const end: End = { by: "signal" };
      // Plain Node would be gone by now. With another listener the application goes on, and its spans with it.
      if (alone) endOpen(end);
      void flushSafely().then(() => {
        // Another listener decides how the application ends.
        if (!alone) return;
        sendSafely(end);
        ends.endBy(name);
      });
    },
  });
  return flush;
}

/** Sends what a worker thread holds when its process ends; with `end` the spans that are open there, too. */
export async function endThread(exporters: Exporters, end: End | undefined): Promise<void> {
  if (end !== undefined) exporters.openSpans.endAll(end);
  await Promise.all([exporters.spans?.drain(), exporters.logs?.drain()]);
  await Promise.allSettled(exporters.metricReaders.map((reader) => reader.forceFlush()));
}
