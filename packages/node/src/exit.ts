import { isMainThread } from "node:worker_threads";
import {
  JsonLogsSerializer,
  JsonTraceSerializer,
  ProtobufLogsSerializer,
  ProtobufTraceSerializer,
} from "@opentelemetry/otlp-transformer";
import type { ErrorClient } from "@assay/sentry";
import type { Config } from "./config.ts";
import type { Say } from "./diagnostics.ts";
import { type ExitRequest, sendAtExit } from "./exit-send.ts";
import type { Exporters } from "./exporters.ts";
import { encodingOf } from "./otlp.ts";

/** Milliseconds that ending may take for telemetry, whatever the Collector does. */
export const EXIT_DEADLINE_MS = 2_000;

const AWAY_MS = 1_000;

export interface ExitOptions {
  config: Config;
  exporters: Exporters;
  errors: ErrorClient | undefined;
  say: Say;
}

/** Sends what is finished and waits for it, `timeoutMs` at most; `false` when something is still held then. */
export type Flush = (timeoutMs?: number) => Promise<boolean>;

/**
 * Makes every ordinary end of the process deliver what is finished.
 *
 * Normal end: waits for the Collector, EXIT_DEADLINE_MS at most. SIGTERM and SIGINT: the same, and then the signal is
 * raised again when nobody else listens to it, so that it ends the process as in plain Node. process.exit and an
 * uncaught exception: sends synchronously. Exit codes stay as they were.
 */
export function installExits(options: ExitOptions): Flush {
  const { exporters, errors, say } = options;
  const flush: Flush = async (timeoutMs = EXIT_DEADLINE_MS) => {
    const all = (async () => {
      const drained = Promise.all([
        exporters.spans?.drain() ?? true,
        exporters.logs?.drain() ?? true,
        errors?.flush(timeoutMs) ?? true,
      ]);
      // Last, so that they count what the gate has just found.
      await Promise.allSettled(exporters.metricReaders.map((reader) => reader.forceFlush()));
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

  // A Collector that has just not answered is not waited for a second time.
  let failedAt = Number.NEGATIVE_INFINITY;
  const isAway = (): boolean => performance.now() - failedAt < AWAY_MS;
  const flushOnce = async (): Promise<void> => {
    if (!isAway() && !(await flush())) failedAt = performance.now();
  };
  const sendRest = (): void => {
    const requests = [...otlpRequests(options), ...(errors?.pending() ?? [])];
    if (requests.length === 0) return;
    const lost = requests.length - (isAway() ? 0 : sendAtExit(requests, EXIT_DEADLINE_MS));
    if (lost > 0)
      say(
        `could not be delivered before the process ended, and lost: ${lost} of ${requests.length} batches.`,
      );
  };

  const sendSafely = (): void => {
    try {
      sendRest();
    } catch (error) {
      // Thrown from here it would change how the process ends.
      say(
        `what was left could not be sent: ${error instanceof Error ? error.message : "no reason given"}.`,
      );
    }
  };

  process.once("beforeExit", () => void flushOnce());
  process.on("exit", sendSafely);

  if (isMainThread) {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      const listener = (): void => {
        const alone = process.listenerCount(signal) - signalExits() === 1;
        void flushOnce().then(() => {
          // Another listener decides how the application ends.
          if (!alone) return;
          sendSafely();
          process.removeListener(signal, listener);
          process.kill(process.pid, signal);
        });
      };
      process.on(signal, listener);
    }
  }
  return flush;
}

// signal-exit, which many packages bring, raises a signal again when it is the only listener, as we do. Each would wait
// for the other; where it finds another listener it does nothing, so its listeners do not count.
function signalExits(): number {
  const emitters: unknown[] = [
    (process as unknown as Record<string, unknown>)["__signal_exit_emitter__"],
    (globalThis as Record<symbol, unknown>)[Symbol.for("signal-exit emitter")],
  ];
  return emitters.reduce<number>((sum, emitter) => {
    const count = (emitter as { count?: unknown } | undefined)?.count;
    return sum + (typeof count === "number" ? count : 0);
  }, 0);
}

function otlpRequests({ config, exporters }: ExitOptions): ExitRequest[] {
  const json = (own: string): boolean => encodingOf(own, config) === "http/json";
  const request = (
    signal: "TRACES" | "LOGS",
    isJson: boolean,
    body: Uint8Array | undefined,
  ): ExitRequest[] => (body === undefined ? [] : [{ signal, json: isJson, body }]);

  const tracesJson = json(config.tracesProtocol);
  const traces = tracesJson ? JsonTraceSerializer : ProtobufTraceSerializer;
  const logsJson = json(config.logsProtocol);
  const logs = logsJson ? JsonLogsSerializer : ProtobufLogsSerializer;
  return [
    ...(exporters.spans?.takeAll() ?? []).flatMap((batch) =>
      request("TRACES", tracesJson, traces.serializeRequest([...batch])),
    ),
    ...(exporters.logs?.takeAll() ?? []).flatMap((batch) =>
      request("LOGS", logsJson, logs.serializeRequest([...batch])),
    ),
  ];
}
