#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { readKeys } from "./key-source.ts";
import { createPseudonyms, hmacOf } from "./pseudonym.ts";
import { createRedactor } from "./redactor.ts";
import { type Report, sarifLog, sentenceOf } from "./sarif.ts";
import { scanDocument } from "./scan-document.ts";
import { createPlaces } from "./source-place.ts";

const USAGE =
  "assay-scan [--format text|sarif] [--keys FILE] [FILE…]; without FILE it reads standard input";
const STANDARD_INPUT = "stdin";

try {
  const { format = "text", keys, files } = given();
  if (format !== "text" && format !== "sarif") {
    throw new Error(`--format is ${JSON.stringify(format)}; use text or sarif`);
  }
  const hash = hashUnder(keys);
  const reports = (files.length === 0 ? ["-"] : files).flatMap((file) => scan(file, hash));
  process.stdout.write(format === "sarif" ? sarif(reports) : lines(reports));
  process.exitCode = reports.length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(
    `assay-scan: ${error instanceof Error ? error.message : "unknown error"}.\n`,
  );
  process.exitCode = 2;
}

function scan(file: string, hash: (text: string) => string): Report[] {
  const bytes = read(file);
  const placeOf = createPlaces(bytes);
  const uri = file === "-" ? STANDARD_INPUT : uriOf(file);
  const redactor = createRedactor();
  return scanDocument(bytes).map(({ start, end, text, key, ...finding }) => ({
    ...finding,
    uri,
    byteOffset: start,
    byteLength: end - start,
    start: placeOf(start),
    end: placeOf(end),
    ...(key === "" ? {} : { key: redactor.text(key) }),
    ...(finding.class === "pci_sad" ? {} : { hash: hash(text) }),
  }));
}

function read(file: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file === "-" ? 0 : file);
  } catch {
    throw new Error(`${JSON.stringify(file)} cannot be read; name a file, or - for standard input`);
  }
  const [first, second] = bytes;
  if (
    (first === 0xff && second === 0xfe) ||
    (first === 0xfe && second === 0xff) ||
    bytes.includes(0)
  ) {
    const name = file === "-" ? "Standard input" : JSON.stringify(file);
    throw new Error(`${name} is UTF-16 or not text; give text, JSON lines or OTLP/JSON in UTF-8`);
  }
  return bytes;
}

// Relative as it was given, so that a viewer finds it in its checkout.
function uriOf(file: string): string {
  return file.startsWith("/") ? pathToFileURL(file).href : encodeURI(file.replaceAll("\\", "/"));
}

// Equal values have equal hashes: within one run, or under a key in every run. Nobody can try all phone numbers on them.
function hashUnder(file: string | undefined): (text: string) => string {
  const keys = file === undefined ? undefined : readKeys(file);
  if (keys !== undefined) createPseudonyms(keys);
  const key = keys?.[0]?.key ?? process.getBuiltinModule("node:crypto").randomBytes(32);
  const hmac = hmacOf(key);
  return (text) => hmac(`scan\0${text}`);
}

function sarif(reports: readonly Report[]): string {
  const { version } = JSON.parse(
    readFileSync(require.resolve("@assay/redaction/package.json"), "utf8"),
  ) as { version: string };
  return `${JSON.stringify(sarifLog(reports, version), null, 2)}\n`;
}

function lines(reports: readonly Report[]): string {
  return reports
    .map((report) => {
      const { uri, start, byteOffset, byteLength, hash } = report;
      const suffix = hash === undefined ? "" : ` ${hash}`;
      return `${uri}:${start.line}:${start.column} bytes ${byteOffset}+${byteLength} ${sentenceOf(report)}${suffix}\n`;
    })
    .join("");
}

function given(): { format?: string; keys?: string; files: string[] } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { format: { type: "string" }, keys: { type: "string" } },
    });
    return { ...values, files: positionals };
  } catch {
    throw new Error(`The arguments are not understood; write ${USAGE}`);
  }
}
