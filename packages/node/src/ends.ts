import { isMainThread } from "node:worker_threads";

/** What is done at each end of the process. */
export interface Ends {
  /**
   * The event loop is empty. `true` when work has begun that will empty it again: the application hears of the end
   * then, and only then.
   */
  beforeExit(): boolean;
  /** The last that runs, after every listener of the application; synchronous. */
  exit(): void;
  /** A signal came; `alone` when no listener of the application has heard it. */
  signal(name: NodeJS.Signals, alone: boolean): void;
}

const SIGNALS = ["SIGTERM", "SIGINT"] as const;

/**
 * Watches how the process ends.
 *
 * Through `process.emit`, because a listener is not enough: it does not know which listeners, removed since, have heard
 * a signal; it cannot be the last on exit; and what it starts on beforeExit makes the application hear beforeExit twice.
 * Signals need a listener all the same, or Node ends the process; it is taken away by `endBy`.
 */
export function watchEnds(ends: Ends): { endBy(signal: NodeJS.Signals): void } {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the process it was called on
  const emit = process.emit as (event: string | symbol, ...given: unknown[]) => boolean;
  let hasExited = false;
  const exitOnce = (): void => {
    if (!hasExited) ends.exit();
    hasExited = true;
  };
  const wrapped = function emitWatched(
    this: NodeJS.Process,
    event: string | symbol,
    ...given: unknown[]
  ): boolean {
    if (event === "beforeExit" && ends.beforeExit()) return true;
    const signal = isMainThread ? SIGNALS.find((name) => name === event) : undefined;
    // Counted before they run: a listener that is there once is gone afterwards.
    const alone = signal !== undefined && process.listenerCount(signal) - signalExits() === 1;
    try {
      return Reflect.apply(emit, this, [event, ...given]);
    } finally {
      if (signal !== undefined) ends.signal(signal, alone);
      else if (event === "exit") exitOnce();
    }
  };
  process.emit = wrapped as typeof process.emit;
  // A listener that calls process.exit while the process exits is the last that runs.
  const native = process as unknown as { reallyExit(code?: number): never };
  // oxlint-disable-next-line typescript/unbound-method -- it is called with the process it was called on
  const reallyExit = native.reallyExit;
  native.reallyExit = function exitWatched(this: NodeJS.Process, code?: number): never {
    exitOnce();
    return Reflect.apply(reallyExit, this, [code]);
  };
  const keepRunning = (): void => {};
  if (isMainThread) for (const signal of SIGNALS) process.on(signal, keepRunning);
  return {
    endBy(signal) {
      process.removeListener(signal, keepRunning);
      process.kill(process.pid, signal);
    },
  };
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
