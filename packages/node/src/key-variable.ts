import { readFileSync } from "node:fs";
import type { PseudonymKey } from "@assay/redaction";
import { engine } from "./engine.ts";

/** Reads a key file, whose path a variable gives; `undefined` when a key of it is short, has a wrong id, or is twice there. */
export function keysOf(path: string): readonly PseudonymKey[] | undefined {
  try {
    const { createPseudonyms, parseKeyFile } = engine();
    const keys = parseKeyFile(readFileSync(path, "utf8"), path);
    createPseudonyms(keys); // refuses a short key, a wrong id and one that is there twice
    return keys;
  } catch {
    return undefined; // what to write is said by the variable
  }
}
