import type { Registry } from "./registry.mts";
import { HEAD } from "./write-constants.mts";

interface Entry {
  key: string;
  class: string;
  action: string;
  family: boolean;
}

/** Data class and action of every attribute, ours and OpenTelemetry's, by key. */
export function dataClasses({ attributes, upstream }: Registry): Entry[] {
  const ours = attributes.map(({ key, class: dataClass, action, members }) => ({
    key,
    class: dataClass,
    // What is kept for being one of a few words is one of them, or the detectors look at it: also at a number.
    action: action === "keep" && members?.some(isWord) === true ? "scan" : action,
    family: false,
  }));
  const theirs = upstream.map(({ prefix: family = false, ...entry }) => ({ ...entry, family }));
  return [...ours, ...theirs].toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

function isWord({ value }: { value: string | number }): boolean {
  return typeof value === "string";
}

/** `key-policy.ts` of @assay/redaction: the table as it is, grouped so that it is small. */
export function keyPolicy(entries: Entry[]): string {
  const kinds = new Set(entries.map(({ class: dataClass, action }) => `${dataClass} ${action}`));
  const text = [...kinds].toSorted().map((kind) => {
    const [dataClass, action] = kind.split(" ");
    const group = entries.filter((entry) => entry.class === dataClass && entry.action === action);
    const list = (family: boolean) =>
      JSON.stringify(group.filter((entry) => entry.family === family).map(({ key }) => key));
    return `{ class: ${JSON.stringify(dataClass)}, action: ${JSON.stringify(action)}, keys: ${list(false)}, families: ${list(true)} },`;
  });
  return `${HEAD}
/** What the registry says of the attributes of one data class that are treated alike. */
export interface KeyGroup {
  readonly class: "public" | "internal" | "confidential" | "pii" | "credential" | "pci_chd" | "pci_sad";
  /**
   * keep: leave it; scan: let the detectors look; remove; mask: write a marker; hash: write a pseudonym; numeric_id:
   * leave digits and dashes, which may add up to a card number by chance, and let the detectors look at all else.
   */
  readonly action: "keep" | "scan" | "remove" | "mask" | "hash" | "numeric_id";
  readonly keys: readonly string[];
  /** Keys that begin with one of these and a dot, as \`http.request.header.authorization\`. */
  readonly families: readonly string[];
}

/** Every attribute that the registry or OpenTelemetry's conventions name, by class and action. */
export const KEY_POLICY: readonly KeyGroup[] = [
${text.join("\n")}
];
`;
}

/** The blocks of the Collector's configuration by name; each stands between two markers in the file. */
export function collectorBlocks(entries: Entry[]): Map<string, string> {
  const pattern = (action: RegExp) => {
    const keys = entries
      .filter((entry) => action.test(entry.action))
      .map(({ key, family }) => key.replaceAll(".", "\\.") + (family ? "(?:\\..*)?" : ""));
    return `^(?:${keys.join("|")})$`;
  };
  const statement = `delete_matching_keys(attributes, "${pattern(/^remove$/).replaceAll("\\", "\\\\")}")`;
  const context = (name: string, text: string) =>
    `      - context: ${name}\n        statements: [${text}]\n`;
  const signal = (name: string, contexts: string[], first = "*denied") =>
    `    ${name}_statements:\n${contexts.map((each, index) => context(each, index === 0 ? first : "*denied")).join("")}`;
  return new Map([
    [
      "attributes that are removed",
      `  transform/denied:\n    error_mode: propagate\n    trace_statements:\n      - context: resource\n        statements:\n          - &denied '${statement}'\n` +
        ["scope", "span", "spanevent"].map((each) => context(each, "*denied")).join("") +
        signal("metric", ["resource", "scope", "datapoint"]) +
        signal("log", ["resource", "scope", "log"]),
    ],
    // A pseudonym needs the key that only the application has, so here its attribute is masked.
    [
      "attributes that are masked",
      `      - '${pattern(/^(?:mask|hash)$/).replace(/\$$/, "\\z")}'\n`,
    ],
  ]);
}

/** Puts a block between its markers; throws when the file does not have them. */
export function replaceBlock(text: string, name: string, block: string): string {
  const start = text.indexOf(`generated: ${name}\n`);
  const from = text.indexOf("\n", start) + 1;
  const end = text.indexOf("end generated", from);
  if (start === -1 || end === -1) {
    throw new Error(`The markers "generated: ${name}" and "end generated" are missing.`);
  }
  return text.slice(0, from) + block + text.slice(text.lastIndexOf("\n", end) + 1);
}
