import { writeSync } from "node:fs";

/**
 * Writes one line to stderr; gives false when nobody can read it.
 *
 * Past the stream: on a pipe that its reader has closed, the stream emits an error, and that ends the application.
 */
export function writeLine(line: string): boolean {
  try {
    writeSync(2, `${line}\n`);
    return true;
  } catch {
    return false; // a closed pipe, or one that is full: the line is lost, and there is nowhere to say so
  }
}
