import { readFileSync, readlinkSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { LEASE_MS } from "./spool-schedule.ts";

/** Whose a folder of the spool is, as far as another process can check it. */
interface Owner {
  /** Host, boot and process namespace; where one differs, the process cannot be asked for. */
  place: string;
  pid: number;
  /** When the process started, by the kernel; the same id may be given again. */
  start: string;
  thread: number;
}

const FILE = "owner";

/** Writes into `folder` that it is this thread's. */
export function writeOwner(folder: string): void {
  const owner = { place: place(), pid: process.pid, start: startOf(process.pid), thread: threadId };
  writeFileSync(join(folder, FILE), JSON.stringify(owner), { mode: 0o600, flag: "wx" });
}

/** Shows to processes elsewhere that this one lives. */
export function renewOwner(folder: string): void {
  const now = new Date();
  utimesSync(join(folder, FILE), now, now);
}

/**
 * Whether nobody writes to `folder` any more.
 *
 * Here the kernel is asked for the process, and an end is known at once, SIGKILL included. Of another host or container
 * the owner's file is looked at, which is renewed as long as the owner lives. `endedThread` is a thread of this process
 * that has ended.
 */
export function isAbandoned(folder: string, endedThread?: number): boolean {
  const owner = readOwner(folder);
  if (owner === undefined) return isOld(folder);
  if (owner.place !== place()) return isOld(join(folder, FILE));
  if (owner.pid === process.pid && owner.start === startOf(process.pid))
    return owner.thread === endedThread;
  return startOf(owner.pid) !== owner.start;
}

function readOwner(folder: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, FILE), "utf8")) as Owner;
  } catch {
    return undefined; // ended, or begins, in the moment in which it writes this
  }
}

function isOld(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > LEASE_MS;
  } catch {
    return true; // gone, and with it what was in it
  }
}

function place(): string {
  return [hostname(), read("/proc/sys/kernel/random/boot_id"), namespace()].join(" ").trim();
}

function namespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return ""; // no Linux
  }
}

/** Empty for a process that is gone, or waits for its parent to notice. */
function startOf(pid: number): string {
  if (process.platform !== "linux") return isThere(pid) ? "running" : "";
  // The second field is the program's name in brackets, and may hold anything.
  const [state = "", ...fields] = read(`/proc/${pid}/stat`).split(") ").at(-1)?.split(" ") ?? [];
  return state === "Z" || state === "X" ? "" : (fields[18] ?? "");
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // another user's
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return ""; // no Linux, or no such process
  }
}
