import { type ChildProcess, spawn } from "node:child_process";
import { waitFor } from "./wait.ts";

export { freePort } from "./port.ts";

/** How a process ended. */
export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export type Stream = "stdout" | "stderr";

/** A program that runs and is ready. Disposing it stops it. */
export interface Service extends AsyncDisposable {
  pid: number;
  /**
   * All that it wrote so far: to one stream, or to both in the order of arrival.
   *
   * Of both together, a line of one may stand in the middle of a line of the other.
   */
  output(stream?: Stream): string;
  exited: Promise<Exit>;
  /** SIGTERM, and SIGKILL when it has not ended after `deadlineMs` (10 s). */
  stop(deadlineMs?: number): Promise<Exit>;
  /** Sends a signal to this process alone and waits for its end only when the signal is SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface SpawnOptions {
  /** The name in errors, as "Jaeger". */
  name: string;
  command: string;
  args?: readonly string[];
  /** Added to this process's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>;
  cwd?: string;
  /** A pattern in its output, or a probe that answers true once it serves. Without one it is ready when it runs. */
  ready?: RegExp | ((service: Service) => Promise<boolean>);
  deadlineMs?: number;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) {
    child.kill("SIGKILL");
  }
});

/**
 * Starts a program and waits until it is ready.
 *
 * When it ends before that, or is not ready within `deadlineMs` (30 s), it is stopped and the error carries the
 * last lines of its output.
 */
export async function spawnService({
  name,
  command,
  args = [],
  env = {},
  cwd,
  ready,
  deadlineMs = 30_000,
}: SpawnOptions): Promise<Service> {
  const chunks: { stream: Stream; text: string }[] = [];
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new AbortController();
  const exited = new Promise<Exit>((resolve) => {
    child.once("error", (error) => {
      ended.abort(new Error(`${name} did not start: ${error.message}`, { cause: error }));
      resolve({ code: null, signal: null });
    });
    child.once("close", (code, signal) => {
      running.delete(child);
      ended.abort(new Error(`${name} ended with ${signal ?? `code ${String(code)}`}.`));
      resolve({ code, signal });
    });
  });
  running.add(child);
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => chunks.push({ stream, text }));
  }

  const service: Service = {
    pid: child.pid ?? 0,
    output: (only) =>
      chunks
        .map(({ stream, text }) => (only === undefined || only === stream ? text : ""))
        .join(""),
    exited,
    stop: (stopMs) => stop(child, exited, stopMs),
    async kill(signal = "SIGKILL") {
      child.kill(signal);
      if (signal === "SIGKILL") {
        await exited;
      }
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
    },
  };

  try {
    await waitFor(() => isReady(ready, service), {
      what: `${name} to be ready`,
      deadlineMs,
      signal: ended.signal,
    });
  } catch (error) {
    await service.stop();
    throw new Error(`${messageOf(error)}\nIts last output:\n${lastLines(service.output())}`, {
      cause: error,
    });
  }
  return service;
}

async function isReady(ready: SpawnOptions["ready"], service: Service): Promise<boolean> {
  if (ready === undefined) {
    return service.pid > 0;
  }
  return ready instanceof RegExp ? ready.test(service.output()) : ready(service);
}

async function stop(
  child: ChildProcess,
  exited: Promise<Exit>,
  deadlineMs = 10_000,
): Promise<Exit> {
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), deadlineMs);
    await exited;
    clearTimeout(timer);
  }
  return exited;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function lastLines(output: string, count = 20): string {
  return output.trimEnd().split("\n").slice(-count).join("\n") || "(nothing)";
}
