#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type LocalCountry, PSEUDONYM_CLASSES, type PseudonymClass } from "./canonical.ts";
import { readKeys } from "./key-source.ts";
import { createPseudonyms, type Pseudonym } from "./pseudonym.ts";

const USAGE =
  "assay-token --class CLASS [--keys FILE] [--country KE] [VALUE]; without VALUE it is read from standard input";

try {
  for (const { keyId, token } of tokens()) process.stdout.write(`${keyId} ${token}\n`);
} catch (error) {
  process.stderr.write(
    `assay-token: ${error instanceof Error ? error.message : "unknown error"}.\n`,
  );
  process.exitCode = 2;
}

function tokens(): Pseudonym[] {
  const { values, positionals } = given();
  const of = values.class;
  if (!isClass(of)) {
    const found = of === undefined ? "missing" : JSON.stringify(of);
    throw new Error(`--class is ${found}; use one of ${PSEUDONYM_CLASSES.join(", ")}`);
  }
  const keys = readKeys(values.keys);
  if (keys === undefined) {
    throw new Error("There are no keys; name their file in --keys or ASSAY_PSEUDONYM_KEYS_FILE");
  }
  const options = values.country === undefined ? {} : { country: values.country as LocalCountry };
  const pseudonyms = createPseudonyms(keys, options);
  if (positionals.length > 1) {
    throw new Error(`There are ${positionals.length} values; give one, in quotes if it has spaces`);
  }
  // A value on the command line stays in the shell's history and in the list of processes.
  const value = positionals[0] ?? readFileSync(0, "utf8");
  const found = pseudonyms.all(of, value);
  if (found.length === 0) throw new Error(`The value cannot be of the class ${of}; check both`);
  return found;
}

function given(): ReturnType<typeof parse> {
  try {
    return parse();
  } catch {
    throw new Error(`The arguments are not understood; write ${USAGE}`);
  }
}

function parse(): {
  values: { class?: string; keys?: string; country?: string };
  positionals: string[];
} {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      class: { type: "string" },
      keys: { type: "string" },
      country: { type: "string" },
    },
  });
  return { values, positionals };
}

function isClass(name: string | undefined): name is PseudonymClass {
  return (PSEUDONYM_CLASSES as readonly (string | undefined)[]).includes(name);
}
