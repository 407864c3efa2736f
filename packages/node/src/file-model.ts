import { readFileSync } from "node:fs";
import { type ConfigurationModel, parseConfigFile } from "@opentelemetry/configuration";
import { LineCounter, parseDocument } from "yaml";

/** A file that was read, or in words what is wrong with it. */
export type FileModel = { model: ConfigurationModel; newer?: string } | { wrong: string };

const MOST_FAULTS = 3;

/** Reads a declarative configuration file of schema 1.0 or 1.1, with `${VARIABLE:-default}` replaced. */
export function readModel(path: string): FileModel {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return { wrong: `it cannot be read (${(error as NodeJS.ErrnoException).code ?? "unknown"})` };
  }
  // Upstream's parser goes on with what is left of a file that is no YAML, such as one that has a key twice.
  const lines = new LineCounter();
  const document = parseDocument(text, { version: "1.2", lineCounter: lines, prettyErrors: false });
  const [fault] = [...document.errors, ...document.warnings];
  if (fault !== undefined) {
    // Not its message, which may repeat a value.
    const { line, col } = lines.linePos(fault.pos[0]);
    return { wrong: `line ${line}, column ${col} is no YAML (${fault.code})` };
  }
  try {
    const newer = newerThanKnown(document.get("file_format"));
    return { model: parseConfigFile(path), ...(newer === undefined ? {} : { newer }) };
  } catch (error) {
    return { wrong: `it is not valid: ${faultsOf(error, path)}` };
  }
}

function newerThanKnown(format: unknown): string | undefined {
  const minor = Number(/^1\.(\d+)/.exec(String(format))?.[1] ?? 0);
  return minor > 1 ? String(format) : undefined;
}

function faultsOf(error: unknown, path: string): string {
  const message = error instanceof Error ? error.message : "no reason given";
  const [first = "", ...more] = message
    .replace("Invalid OpenTelemetry config file: ", "")
    .replace(`${path}: `, "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return [first, ...more]
    .slice(0, MOST_FAULTS)
    .map((line) => line.replace(/\.$/, ""))
    .join(", ");
}
