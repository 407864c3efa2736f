// Runs one step of the set-up: its name and elapsed time on the screen, its full output in the log.

import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { noteChild } from "./lock.mjs";
import { Missing } from "./toolchain.mjs";

const CI_INTERVAL_MS = 15_000;
const TTY_INTERVAL_MS = 200;
const TAIL_LIMIT = 20_000;

const STOP_MS = 5_000;

const children = new Set();
let exitCode;
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
]) {
  process.on(signal, () => {
    exitCode = code;
    stopAll(signal);
    exitWhenStopped();
    // Locks are given up at exit, so that has to wait for the programs that work under them.
    setTimeout(() => {
      stopAll("SIGKILL");
      process.exit(code);
    }, STOP_MS).unref();
  });
}

/**
 * Runs `work(step)` under a progress line. `work` returns "unchanged" when there was nothing to do.
 *
 * `step.run(command, args, options)` runs a program and resolves to the last of its output;
 * `step.say(text)` shows what the step is doing now.
 */
export async function runStep(title, work, { log, cold, out = process.stdout }) {
  const started = Date.now();
  let doing = cold === undefined ? "" : `about ${cold} the first time`;
  let announced = false;
  let timer;
  const elapsed = () => duration(Date.now() - started);
  const line = () => `${title}: ${elapsed()}${doing === "" ? "" : ` (${doing})`}`;
  const announce = () => {
    if (announced) {
      return;
    }
    announced = true;
    if (out.isTTY) {
      timer = setInterval(
        () => out.write(`\r\x1b[2K${line().slice(0, (out.columns || 80) - 1)}`),
        TTY_INTERVAL_MS,
      );
    } else {
      out.write(`${title}: started${doing === "" ? "" : ` (${doing})`}\n`);
      timer = setInterval(() => out.write(`${line()}\n`), CI_INTERVAL_MS);
    }
  };
  const finish = (text) => {
    clearInterval(timer);
    out.write(`${out.isTTY ? "\r\x1b[2K" : ""}${title}: ${text}\n`);
    appendFileSync(log, `--- ${title}: ${text}\n`);
  };
  const step = {
    say: (text) => {
      announce();
      doing = text;
    },
    run: (command, args, options) => {
      announce();
      return run(command, args, { log, ...options });
    },
  };
  try {
    const result = await work(step);
    finish(result ?? `done in ${elapsed()}`);
  } catch (error) {
    finish(`failed after ${elapsed()}`);
    throw error;
  }
}

/** "8 s" or "3 min 58 s". */
export function duration(ms) {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs a program to its end, its output into the log; `explain(tail, how)` words the sentence when it fails. */
function run(
  command,
  args,
  { log, cwd, env = process.env, explain, shell = false, label = `${command} ${args[0]}` },
) {
  appendFileSync(log, `\n$ ${[command, ...args].join(" ")}\n`);
  return new Promise((resolve, reject) => {
    const windows = process.platform === "win32";
    // A process group of its own, so that the compilers below `go build` end with it.
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      detached: !windows,
      stdio: ["ignore", "pipe", "pipe"],
    });
    children.add(child);
    noteChild(child.pid);
    let tail = "";
    for (const stream of [child.stdout, child.stderr]) {
      const decoder = new StringDecoder("utf8");
      stream.on("data", (chunk) => {
        const text = decoder.write(chunk);
        tail = (tail + text).slice(-TAIL_LIMIT);
        try {
          appendFileSync(log, text);
        } catch (error) {
          // A full disk: the step fails by itself soon, and then says so.
          tail = `${tail}\n${error.message}\n`;
        }
      });
    }
    child.on("error", (error) => {
      forget(child);
      reject(
        new Missing(
          explain(`${tail}\n${error.message}`, `\`${command}\` does not run: ${error.message}`),
        ),
      );
    });
    child.on("close", (code, signal) => {
      forget(child);
      if (code === 0) {
        resolve(tail);
      } else {
        const how = signal === null ? `exited with ${code}` : `was ended by ${signal}`;
        reject(new Missing(explain(tail, `\`${label}\` ${how}`)));
      }
    });
  });
}

function forget(child) {
  children.delete(child);
  noteChild(undefined);
  exitWhenStopped();
}

function exitWhenStopped() {
  if (exitCode !== undefined && children.size === 0) {
    process.stdout.write("\n");
    process.exit(exitCode);
  }
}

function stopAll(signal) {
  for (const child of children) {
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch (error) {
      // It may have ended in the meantime.
      if (error.code !== "ESRCH") {
        throw error;
      }
    }
  }
}
