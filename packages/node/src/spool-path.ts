import { lstatSync, mkdirSync } from "node:fs";
import { resolve } from "node:path";

/**
 * Gives the absolute path of a folder that may hold the spool, and makes it when it is not there; `undefined` when it is
 * a link, another user's, or open to others.
 */
export function spoolFolderAt(path: string): string | undefined {
  const folder = resolve(path);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const found = lstatSync(folder); // not what a link points to
    const isOwn = process.getuid === undefined || found.uid === process.getuid();
    const isClosed = process.platform === "win32" || (found.mode & 0o077) === 0;
    return found.isDirectory() && isOwn && isClosed ? folder : undefined;
  } catch {
    return undefined; // what to write is said by the variable
  }
}
