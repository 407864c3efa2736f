import {
  closeSync,
  openSync,
  readSync,
  renameSync,
  unlink,
  writeFile,
  writeFileSync,
} from "node:fs";
import type { Say } from "./diagnostics.ts";
import type { Encoder } from "./encoders.ts";
import { removeNow, type SpoolFile, type SpoolFolder } from "./spool-folder.ts";
import { ACKNOWLEDGED } from "./spool-replay.ts";
import { describe, type Seal, type SpooledBatch } from "./spool-seal.ts";

/** The files of the batches that this thread holds. A batch is known by its array of items. */
export interface SpoolBatches {
  /** Writes a batch soon; nothing of it is done in this turn. */
  keep<Item>(items: readonly Item[], encoder: Encoder<Item>): void;
  /** The batch is answered: its file goes. */
  forget(items: readonly unknown[]): void;
  /** The batch is held no more, and its file stays to be replayed; gives its path when it has one. */
  leave(items: readonly unknown[]): string | undefined;
  /** The same as `keep` and `forget`, done when they return: the process ends. */
  keepNow(
    items: readonly unknown[],
    encoder: Pick<Encoder<never>, "signal" | "json">,
    body: Uint8Array,
  ): void;
  forgetNow(items: readonly unknown[]): void;
  /** Whether a batch has a file. */
  keeps(items: readonly unknown[]): boolean;
  /** Counts files that were taken over. */
  adopted(files: readonly SpoolFile[]): void;
  remove(path: string): void;
  /** Nothing is written from now on, and what was to be removed is removed. */
  close(): void;
}

export interface SpoolBatchesOptions {
  folder: SpoolFolder;
  seal: Seal;
  maxBytes: number;
  /** A file went to make room, and nothing else holds what was in it. */
  onEvicted: (path: string, lost: Pick<SpooledBatch, "signal" | "items">) => void;
  say: Say;
}

interface Entry {
  items: readonly unknown[];
  encode: () => Buffer | undefined;
  path?: string;
  /** While it is written. */
  file?: Buffer;
}

/** Makes the files of this thread's batches: one file a batch, one write at a time, the oldest removed for room. */
export function createSpoolBatches(options: SpoolBatchesOptions): SpoolBatches {
  const { folder, seal, maxBytes, onEvicted, say } = options;
  const entries = new Map<readonly unknown[], Entry>();
  const waiting: Entry[] = [];
  const onDisk = new Map<string, number>();
  const leaving = new Set<string>();
  let bytes = 0;
  let isWriting = false;
  let isClosed = false;
  let isFailing = false;

  const fail = (error: Error): void => {
    if (!isFailing)
      say(
        `a batch cannot be written: ${error.message}. Those that cannot are held in memory only.`,
      );
    isFailing = true;
  };

  const count = (path: string, size: number): void => {
    onDisk.set(path, size);
    bytes += size;
  };
  const uncount = (path: string): void => {
    bytes -= onDisk.get(path) ?? 0;
    onDisk.delete(path);
  };

  const remove = (path: string): void => {
    uncount(path);
    leaving.add(path);
    unlink(path, (error) => {
      leaving.delete(path);
      if (error !== null && error.code !== "ENOENT") fail(error);
    });
  };

  const makeRoom = (size: number): void => {
    for (const path of onDisk.keys()) {
      if (bytes + size <= maxBytes) return;
      const holder = [...entries.values()].find((entry) => entry.path === path);
      if (holder?.file !== undefined) continue; // on its way to the disk
      if (holder === undefined) onEvicted(path, contentOf(path));
      else delete holder.path;
      remove(path);
    }
  };

  const place = (file: Buffer): string => {
    makeRoom(file.length);
    const path = folder.next();
    count(path, file.length);
    return path;
  };

  const writeNext = (): void => {
    try {
      writeFirst();
    } catch (error) {
      fail(error as Error);
    }
  };

  const writeFirst = (): void => {
    if (isWriting || isClosed) return;
    for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
      const file = entries.get(entry.items) === entry ? entry.encode() : undefined;
      if (file === undefined) continue; // answered before it was written, or one item cannot be written
      write(entry, file);
      return;
    }
  };

  const write = (entry: Entry, file: Buffer): void => {
    const path = place(file);
    Object.assign(entry, { file, path });
    isWriting = true;
    writeFile(path, file, { mode: 0o600, flag: "wx" }, (error) => {
      isWriting = false;
      delete entry.file;
      if (isClosed) return;
      if (error !== null) {
        fail(error);
        delete entry.path;
        remove(path);
      } else {
        isFailing = false;
        if (entries.get(entry.items) !== entry) remove(path);
      }
      writeNext();
    });
  };

  return {
    keep(items, encoder) {
      const encode = (): Buffer | undefined => {
        const body = encoder.encode(items);
        const { signal, json } = encoder;
        return body && seal.seal({ signal, json, items: items.length, body });
      };
      const entry = { items, encode };
      entries.set(items, entry);
      waiting.push(entry);
      if (waiting.length === 1) setImmediate(writeNext);
    },
    forget(items) {
      const entry = entries.get(items);
      entries.delete(items);
      if (entry?.path !== undefined && entry.file === undefined) remove(entry.path);
    },
    leave(items) {
      const entry = entries.get(items);
      if (entry?.path === undefined || entry.file !== undefined) return undefined;
      entries.delete(items);
      return entry.path;
    },
    keepNow(items, { signal, json }, body) {
      const entry = entries.get(items);
      if (entry?.path !== undefined && entry.file === undefined) return;
      // A write that is under way may end later: it writes the same.
      const file = entry?.file ?? seal.seal({ signal, json, items: items.length, body });
      const path = entry?.path ?? place(file);
      try {
        writeFileSync(path, file, { mode: 0o600 });
        entries.set(items, { items, encode: () => file, path });
      } catch (error) {
        uncount(path);
        fail(error as Error);
      }
    },
    keeps: (items) => entries.get(items)?.path !== undefined,
    forgetNow(items) {
      const entry = entries.get(items);
      entries.delete(items);
      if (entry?.path === undefined) return;
      try {
        if (entry.file === undefined) removeNow(entry.path);
        else overwrite(entry.path);
      } catch (error) {
        fail(error as Error);
      }
      uncount(entry.path);
    },
    adopted(files) {
      for (const { path, bytes: size } of files) count(path, size);
    },
    remove,
    close() {
      isClosed = true;
      for (const path of leaving) removeNow(path);
      folder.close();
    },
  };
}

// A write that is under way cannot be stopped. What it opens later is there already, and what it opened is nowhere then.
function overwrite(path: string): void {
  writeFileSync(`${path}.new`, ACKNOWLEDGED, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function contentOf(path: string): Pick<SpooledBatch, "signal" | "items"> {
  const header = Buffer.alloc(12);
  try {
    const file = openSync(path, "r");
    readSync(file, header);
    closeSync(file);
  } catch {
    // Gone, or being sent in this moment: nothing is counted.
  }
  return describe(header);
}
