import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const EXAMPLE = join(import.meta.dirname, "..");

export interface Child extends AsyncDisposable {
  name: string;
  /** What the process said after "listening on". */
  url: string;
  /** Resolves with one sentence when the process ends. */
  ended: Promise<string>;
}

export interface ChildOptions {
  name: string;
  /** Arguments of Node. */
  args: string[];
  env?: Record<string, string>;
  /** It ends when its input closes; Ctrl-C at the terminal then leaves its end to us. */
  endsWithInput?: boolean;
  readyMs?: number;
  stopMs?: number;
}

/**
 * Starts a Node process and waits until it prints a line "… listening on URL".
 *
 * Rejects with one sentence, the process ended, when that line does not come. Disposing ends it
 * in its own way, by its input or SIGTERM; after `stopMs` by SIGKILL.
 */
export async function startChild({
  name,
  args,
  env = {},
  endsWithInput = false,
  readyMs = 60_000,
  stopMs = 15_000,
}: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, args, {
    // Where --require finds the packages of this example.
    cwd: EXAMPLE,
    env: { ...process.env, ...env },
    detached: endsWithInput,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // An orphan would keep its port; on a hard exit nothing else ends it.
  const signal = (): boolean => child.kill("SIGTERM");
  process.once("exit", signal);

  let lastError = "";
  const errors = createInterface({ input: child.stderr });
  errors.on("line", (line) => {
    lastError = line;
    console.error(`${name}: ${line}`);
  });
  // A process that has gone cannot take its input; how it ended says more.
  child.stdin.on("error", (error) => {
    lastError ||= error.message;
  });

  const ended = once(child, "exit").then(([code, killedBy]) => {
    process.off("exit", signal);
    const how = killedBy === null ? `with code ${String(code)}` : `by ${String(killedBy)}`;
    return `${name} ended ${how}${lastError === "" ? "" : `: ${lastError}`}`;
  });

  async function stop(): Promise<void> {
    child.stdin.end();
    if (!endsWithInput) child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await ended;
    clearTimeout(timer);
  }

  const listening = new Promise<string>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      const [, url] = /listening on (\S+)$/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
  const deadline = AbortSignal.timeout(readyMs);
  const late = once(deadline, "abort").then(() => `${name} was not ready after ${readyMs} ms`);
  const first = await Promise.race([
    listening.then((url) => ({ url })),
    Promise.race([ended, late]).then((sentence) => ({ sentence })),
  ]);
  if ("sentence" in first) {
    await stop();
    throw new Error(`${first.sentence}.`);
  }
  return { name, url: first.url, ended, [Symbol.asyncDispose]: stop };
}
