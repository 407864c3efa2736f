import { readFile } from "node:fs/promises";
import { context } from "@opentelemetry/api";
import { ExportResultCode, suppressTracing } from "@opentelemetry/core";
import { deliveryOf } from "./delivery.ts";
import type { Say } from "./diagnostics.ts";
import type { Delivery } from "./delivery.ts";
import type { Seal, SpooledBatch, Unreadable } from "./spool-seal.ts";

/** What waits on disk alone, and is sent from there. */
export interface Replay {
  add(paths: readonly string[]): void;
  /** Forgets a file that was removed. */
  drop(path: string): void;
  /** Sends until nothing is left, or the Collector does not take it now. */
  run(): Promise<void>;
}

export interface ReplayOptions {
  seal: Seal;
  /** OTEL_EXPORTER_OTLP_*, of the process or of a configuration file. */
  env: NodeJS.ProcessEnv;
  /** Whether its signal is sent by OTLP at all; what is not stays where it is. */
  isOn: (batch: SpooledBatch) => boolean;
  /** The file is not needed any more. */
  remove: (path: string) => void;
  setAside: (path: string) => string;
  onLost: (batch: SpooledBatch | undefined, reason: "rejected" | "spool_unreadable") => void;
  say: Say;
}

const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 5_000;

const SENTENCES: Readonly<Record<Unreadable, (path: string) => string>> = {
  torn: (path) => `${path} ends too early, as when a machine stops while it writes; it is removed.`,
  key: (path) => `the key of a batch is not in ASSAY_SPOOL_KEY_FILE, so it is kept as ${path}.`,
  changed: (path) =>
    `a batch is not what was written, or its key is another one of the same name, so it is kept as ${path} and not sent.`,
};

/** Makes the replay: one request at a time, after what the process itself has to say. */
export function createReplay(options: ReplayOptions): Replay {
  const { seal, env, isOn, remove, setAside, onLost, say } = options;
  const waiting: string[] = [];
  // How many had been accepted when the server failed on one: a server that takes others is not to blame.
  const failedAfter = new Map<string, number>();
  let accepted = 0;
  let sent = { batches: 0, items: 0 };
  let failures = 0;
  let running: Promise<void> | undefined;

  const unreadable = (path: string, why: Unreadable): void => {
    const kept = why === "torn" ? path : setAside(path);
    say(SENTENCES[why](kept));
    onLost(undefined, "spool_unreadable");
    if (why === "torn") remove(path);
  };

  const isToBlame = (path: string, { failed }: { failed?: boolean }): boolean =>
    failed === true && accepted > (failedAfter.get(path) ?? accepted);

  // `false` when it is to be tried later.
  const sendNext = async (path: string): Promise<boolean> => {
    const file = await readFile(path).catch(() => undefined);
    if (file === undefined || file.length <= ACKNOWLEDGED.length) {
      remove(path);
      return true;
    }
    const batch = seal.open(file);
    if (typeof batch === "string") {
      unreadable(path, batch);
      return true;
    }
    if (!isOn(batch)) return true;
    const outcome = await deliver(batch, env);
    if (outcome.ok) {
      accepted += 1;
      sent = { batches: sent.batches + 1, items: sent.items + batch.items };
    } else if (!outcome.rejected && !isToBlame(path, outcome)) {
      if (outcome.failed === true && !failedAfter.has(path)) failedAfter.set(path, accepted);
      return false;
    } else onLost(batch, "rejected");
    remove(path);
    return true;
  };

  const sendAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const path = waiting.shift()!;
      if (await sendNext(path)) {
        failedAfter.delete(path);
        failures = 0;
        continue;
      }
      waiting.push(path);
      failures += 1;
      const delay = Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
      setTimeout(() => void run(), delay).unref();
      return;
    }
    if (sent.batches > 0) {
      say(`${sent.batches} batches with ${sent.items} items are replayed.`);
      sent = { batches: 0, items: 0 };
    }
  };

  const run = (): Promise<void> => {
    running ??= sendAll()
      .catch((error: unknown) => {
        say(`the replay stopped: ${error instanceof Error ? error.message : "no reason given"}.`);
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return {
    add: (paths) => waiting.push(...paths),
    drop(path) {
      const at = waiting.indexOf(path);
      if (at >= 0) waiting.splice(at, 1);
    },
    run,
  };
}

/** What stands in a file whose batch was acknowledged while it was written. */
export const ACKNOWLEDGED = "-";

async function deliver(batch: SpooledBatch, env: NodeJS.ProcessEnv): Promise<Delivery> {
  try {
    // With it comes http, and with http its instrumentation: not before there is something to send.
    const { postOtlp } = require("./otlp-post") as typeof import("./otlp-post.ts");
    const status = await context.with(suppressTracing(context.active()), () =>
      postOtlp(batch, { unref: true, env }),
    );
    if (status < 300) return { ok: true };
    const error = Object.assign(new Error("refused"), { code: status });
    return deliveryOf({ code: ExportResultCode.FAILED, error });
  } catch {
    return { ok: false, rejected: false, reason: "no answer" };
  }
}
