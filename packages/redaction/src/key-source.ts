import { readFileSync } from "node:fs";
import { parseKeyFile } from "./key-file.ts";
import type { PseudonymKey } from "./pseudonym.ts";

const VARIABLE = "ASSAY_PSEUDONYM_KEYS_FILE";

/** The keys that a command was given: of the file after `--keys`, or of ASSAY_PSEUDONYM_KEYS_FILE; `undefined` for neither. */
export function readKeys(option: string | undefined): PseudonymKey[] | undefined {
  const file = option ?? process.env[VARIABLE];
  if (file === undefined || file === "") return undefined;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    const name = option === undefined ? VARIABLE : "--keys";
    throw new Error(
      `${name} is ${JSON.stringify(file)}, which cannot be read; name a file of id=base64 lines`,
    );
  }
  return parseKeyFile(text, file);
}
