import {
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import { isAbandoned, renewOwner, writeOwner } from "./spool-owner.ts";

/** A file of the spool, with what it takes on disk. */
export interface SpoolFile {
  path: string;
  bytes: number;
}

/** This thread's folder in the spool. */
export interface SpoolFolder {
  /** A path for a new file; names sort by age. */
  next(): string;
  /** Takes over what was left by threads that write no more, the oldest first. */
  adopt(endedThread?: number): SpoolFile[];
  /** Puts a file where it is never sent from, and gives its new path. */
  setAside(path: string): string;
  renew(): void;
  /** Removes the folder when nothing is in it. */
  close(): void;
}

/** Where what cannot be opened is kept. */
const ASIDE = "aside";
const BATCH = /\.batch$/;

/** Makes this thread's folder in `root`, which spool-path.ts gave. */
export function openSpoolFolder(root: string, mostAside: number): SpoolFolder {
  // Containers that share the spool may have the same ids of processes.
  const id = `${process.pid}-${threadId}-${Math.random().toString(36).slice(2, 10)}`;
  const own = join(root, id);
  mkdirSync(own, { mode: 0o700 });
  writeOwner(own);
  let count = 0;

  const take = (from: string): SpoolFile[] => {
    const files = readdirSync(from).filter((name) => BATCH.test(name));
    const taken = files.toSorted().flatMap((name) => moved(join(from, name), join(own, name)));
    removeEmpty(from);
    return taken;
  };

  return {
    next() {
      count += 1;
      // Unique in all of the spool, since files move from folder to folder.
      return join(own, `${Date.now()}-${String(count).padStart(9, "0")}-${id}.batch`);
    },
    adopt: (endedThread) =>
      readdirSync(root, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && entry.name !== ASIDE)
        .map(({ name }) => join(root, name))
        .filter((folder) => folder !== own && isAbandoned(folder, endedThread))
        .flatMap((folder) => take(folder)),
    setAside(path) {
      const aside = join(root, ASIDE);
      mkdirSync(aside, { recursive: true, mode: 0o700 });
      const kept = join(aside, path.slice(own.length + 1));
      renameSync(path, kept);
      limit(aside, mostAside);
      return kept;
    },
    renew: () => renewOwner(own),
    close: () => removeEmpty(own),
  };
}

// The oldest go: what is put aside is for somebody to look at, and must not fill the disk when nobody does.
function limit(aside: string, mostBytes: number): void {
  let bytes = 0;
  for (const name of readdirSync(aside).toSorted().toReversed()) {
    const path = join(aside, name);
    bytes += statSync(path).size;
    if (bytes > mostBytes) removeNow(path);
  }
}

// Of two processes that take over the same file one finds it gone: a rename is the lock.
function moved(from: string, to: string): SpoolFile[] {
  try {
    renameSync(from, to);
    return [{ path: to, bytes: statSync(to).size }];
  } catch {
    return []; // another process has it, and will send it
  }
}

function removeEmpty(folder: string): void {
  try {
    if (readdirSync(folder).some((name) => BATCH.test(name))) return;
    rmSync(join(folder, "owner"), { force: true });
    rmdirSync(folder);
  } catch {
    // Another process removes it, too, or puts something in it: the next one that looks will try again.
  }
}

/** Removes a file now; one that is gone is as it should be. */
export function removeNow(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
