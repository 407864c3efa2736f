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
  writeSync,
} from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const HEARTBEAT_MS = 5_000;
// A holder on another host or in another container is judged by its heartbeat alone.
const SILENT_MS = 60_000;
const POLL_MS = 200;

const held = new Map();
process.on("exit", () => {
  for (const [path, text] of held) {
    release(path, text);
  }
});

/**
 * Runs `work` while holding the lock file at `path`, and returns its result.
 *
 * Waits for a live holder, calling `onWait` with its process id; takes over from a dead or silent one.
 */
export async function withLock(path, work, { onWait = () => {} } = {}) {
  mkdirSync(dirname(path), { recursive: true });
  const text = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  while (!acquire(path, text)) {
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
  held.set(path, text);
  const heartbeat = setInterval(() => touch(path), HEARTBEAT_MS);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    held.delete(path);
    release(path, text);
  }
}

/** True when a process with this id runs on this machine. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
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
  const holder = parse(text);
  if (holder !== undefined && holder.host === hostname() && !isAlive(holder.pid)) {
    return true;
  }
  return Date.now() - (modified(path) ?? Date.now()) > SILENT_MS;
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

function release(path, text) {
  if (read(path) === text) {
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

/** A lock file that has just been written by another process may be empty for a moment. */
function parse(text) {
  return text === "" ? undefined : JSON.parse(text);
}

function ignoreAbsent(work) {
  try {
    return work();
  } catch (error) {
    if (error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}
