import {
  BroadcastChannel,
  getEnvironmentData,
  isMainThread,
  setEnvironmentData,
  threadId,
} from "node:worker_threads";
import type { End } from "./open-spans.ts";

/** What the threads of a process share, so that what worker threads hold is sent when the process ends. */
export interface Threads {
  /** In a worker thread that has telemetry: calls `send` when the process ends. */
  listen(send: (end: End | undefined) => Promise<unknown>): void;
  /** In the main thread: asks the others to send what they hold; with `end` they also end their open spans. */
  ask(end?: End): void;
  /** Waits for those that were asked, without the event loop, until `until` on the clock of `performance`. */
  waitUntil(until: number): void;
  /** The same on the event loop. */
  settled(until: number): Promise<void>;
}

interface Shared {
  instanceId: string;
  states: Int32Array;
}

const KEY = "assay.node.threads";
/** Threads are known by their id modulo this. */
const MOST = 256;
// A thread that is busy does not hear that it is asked, and is not waited for.
const ANSWER_MS = 500;

const GONE = 0;
const LISTENS = 1;
const SENDS = 2;

/** The id of this process: its worker threads have the same. */
export function instanceId(): string {
  return shared().instanceId;
}

let known: Shared | undefined;

function shared(): Shared {
  const given = getEnvironmentData(KEY);
  known ??= (given as unknown as Shared | undefined) ?? {
    instanceId: newInstanceId(),
    states: new Int32Array(new SharedArrayBuffer(4 * MOST)),
  };
  return known;
}

/**
 * Joins this thread to the others of its process.
 *
 * Node ends the worker threads with the process and tells them nothing. Their JavaScript still runs while the main
 * thread waits in its last listener, so that each can send by itself.
 */
export function joinThreads(): Threads {
  const { states } = shared();
  // Every worker thread that is made from now on finds it.
  if (isMainThread) setEnvironmentData(KEY, shared());
  const own = threadId % MOST;
  process.on("worker", (worker) => {
    const slot = worker.threadId % MOST;
    worker.once("exit", () => set(slot, GONE));
  });

  const set = (slot: number, state: number): void => {
    Atomics.store(states, slot, state);
    Atomics.notify(states, slot);
  };
  let asked: number[] = [];
  let askedAt = 0;
  const waits = (until: number): { slot: number; state: number; ms: number } | undefined => {
    const answerBy = Math.min(until, askedAt + ANSWER_MS);
    for (const slot of asked) {
      const state = Atomics.load(states, slot);
      if (state === GONE) continue;
      const ms = (state === SENDS ? until : answerBy) - performance.now();
      if (ms > 0) return { slot, state, ms };
    }
    return undefined;
  };

  return {
    listen(send) {
      if (isMainThread) return;
      set(own, LISTENS);
      const channel = new BroadcastChannel(KEY);
      channel.addEventListener("message", (message: unknown) => {
        const end = (message as { data: End | null }).data ?? undefined;
        set(own, SENDS);
        void Promise.allSettled([send(end)]).then(() => set(own, GONE));
      });
      channel.unref();
    },
    ask(end) {
      asked = [...states.keys()].filter((slot) => states[slot] !== GONE);
      askedAt = performance.now();
      if (asked.length === 0) return;
      const channel = new BroadcastChannel(KEY);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
      channel.postMessage(end === undefined ? null : endElsewhere(end));
      channel.close();
    },
    waitUntil(until) {
      for (let next = waits(until); next !== undefined; next = waits(until)) {
        Atomics.wait(states, next.slot, next.state, next.ms);
      }
    },
    async settled(until) {
      for (let next = waits(until); next !== undefined; next = waits(until)) {
        await waitAsync(states, next.slot, next.state, next.ms).value;
      }
    },
  };
}

// What was thrown here is no error of another thread's spans.
function endElsewhere({ by }: End): End {
  return { by: by === "signal" ? by : "process_exit" };
}

// Every Node that we run on has it; the types come with ES2024.
const { waitAsync } = Atomics as unknown as {
  waitAsync: (on: Int32Array, index: number, value: number, ms: number) => { value: unknown };
};

// Has to be unique, and is no secret; node:crypto takes longer to load than the rest of this together.
function newInstanceId(): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(Math.random() * 16).toString(16)).join("");
  const variant = "89ab"[Math.floor(Math.random() * 4)];
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}
