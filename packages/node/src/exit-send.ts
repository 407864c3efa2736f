import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { OtlpBody } from "./otlp-post.ts";

/** One request to send while the process ends: OTLP to where the environment says, or to a URL of its own. */
export type ExitRequest =
  | OtlpBody
  | { url: string; headers: Record<string, string>; body: Uint8Array };

/** What the exit worker gets. */
export interface ExitWork {
  requests: readonly ExitRequest[];
  /** [0] is 1 when all requests have been tried; behind it is a 1 for each request that was delivered. */
  state: Int32Array;
}

/**
 * Sends `requests`, by the OTEL_EXPORTER_OTLP_* of `env`, and tells of each whether it was delivered.
 *
 * Blocks: the event loop no longer turns when a process exits, so a worker sends and this thread waits for it,
 * `deadlineMs` at most.
 */
export function sendAtExit(
  requests: readonly ExitRequest[],
  deadlineMs: number,
  env: NodeJS.ProcessEnv = process.env,
): boolean[] {
  const state = new Int32Array(new SharedArrayBuffer(4 * (1 + requests.length)));
  const work: ExitWork = { requests, state };
  const worker = new Worker(join(__dirname, "exit-worker.js"), {
    workerData: work,
    // The worker must not load the preload again, neither from the command line nor from NODE_OPTIONS.
    execArgv: [],
    env: { ...env, NODE_OPTIONS: "" },
  });
  worker.unref();
  Atomics.wait(state, 0, 0, deadlineMs);
  return requests.map((_, index) => Atomics.load(state, 1 + index) === 1);
}
