// One set-up at a time on one thing. Losing this lock costs time, never a broken cache:
// every result is made aside and appears by one rename.

import {
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const HEARTBEAT_MS = 5_000;
// A holder on another host or in another container is judged by its heartbeat alone.
const SILENT_MS = 60_000;
// The program that a killed set-up has started goes on alone: `npm ci` must not be joined by a second one.
const ORPHAN_MS = 600_000;
const POLL_MS = 200;

const self = { pid: process.pid, host: hostname(), child: undefined };
const held = new Map();
process.on("exit", () => {
  for (const [path, id] of held) {
    release(path, id);
  }
});

/**
 * Runs `work` while holding the lock file at `path`, and returns its result.
 *
 * Waits for a live holder, calling `onWait` with its process id; takes over from a dead or silent one.
 */
export async function withLock(path, work, { onWait = () => {} } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const id = randomUUID();
  while (!acquire(path, JSON.stringify({ ...self, id }))) {
    const holder = read(path);
    if (holder === undefined) {
      continue;
    }
    if (isDead(path, holder)) {
      evict(path, holder);
      continue;
    }
    onWait(parse(holder)?.pid);
    await delay(POLL_MS);
  }
  held.set(path, id);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    held.delete(path);
    release(path, id);
  }
}

/** Notes in every lock held here which program does the work; `undefined` when it has ended. */
export function noteChild(pid) {
  self.child = pid;
  for (const [path, id] of held) {
    if (parse(read(path) ?? "")?.id === id) {
      writeFileSync(path, JSON.stringify({ ...self, id }));
    }
  }
}

/** True when a process with this id runs on this machine. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error.code === "EPERM";
  }
  // A container without an init keeps its dead children as zombies.
  const status =
    process.platform === "linux"
      ? ignoreAbsent(() => readFileSync(`/proc/${pid}/stat`, "utf8"))
      : "";
  return status !== undefined && !/\) [ZX] /.test(status);
}

function acquire(path, text) {
  try {
    const file = openSync(path, "wx");
    writeSync(file, text);
    closeSync(file);
    return true;
  } catch (error) {
    // Windows answers EPERM while the file is being deleted.
    if (error.code === "EEXIST" || (error.code === "EPERM" && existsSync(path))) {
      return false;
    }
    throw error;
  }
}

function isDead(path, text) {
  const silence = Date.now() - (modified(path) ?? Date.now());
  const holder = parse(text);
  if (holder === undefined || holder.host !== hostname() || isAlive(holder.pid)) {
    return silence > SILENT_MS;
  }
  return holder.child === undefined || !isAlive(holder.child) || silence > ORPHAN_MS;
}

/** Removes the lock of a dead holder; when another process was faster and holds it anew, gives it back. */
function evict(path, judged) {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (read(aside) !== judged) {
      linkSync(aside, path);
    }
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "EEXIST") {
      throw error;
    }
  } finally {
    rmSync(aside, { force: true });
  }
}

function release(path, id) {
  if (parse(read(path) ?? "")?.id === id) {
    rmSync(path, { force: true });
  }
}

function touch(path) {
  const now = new Date();
  ignoreAbsent(() => utimesSync(path, now, now));
}

function read(path) {
  return ignoreAbsent(() => readFileSync(path, "utf8"));
}

function modified(path) {
  return ignoreAbsent(() => statSync(path).mtimeMs);
}

/** What a lock file says; undefined while another process is about to write it. */
function parse(text) {
  return text.endsWith("}") ? JSON.parse(text) : undefined;
}

function ignoreAbsent(work) {
  try {
    return work();
  } catch (error) {
    // ESRCH: a process that ended while its /proc file was read.
    if (error.code === "ENOENT" || error.code === "ESRCH") {
      return undefined;
    }
    throw error;
  }
}
