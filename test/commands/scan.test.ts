import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { run } from "./command.ts";

const PAN = "4111111111111111";
const DOCUMENT = `é card ${PAN}\n{"cvv":"987","email":"j@ex.io"}\nagain ${PAN} ok\n`;

interface Sarif {
  version: string;
  $schema: string;
  runs: {
    tool: { driver: { name: string; semanticVersion: string; rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      message: { text: string };
      fingerprints?: Record<string, string>;
      properties: { class: string; action: string };
      locations: {
        physicalLocation: { artifactLocation: { uri: string }; region: Record<string, number> };
      }[];
    }[];
  }[];
}

function sarif(args: readonly string[], input: string): Sarif {
  return JSON.parse(run("assay-scan", ["--format", "sarif", ...args], { input }).stdout) as Sarif;
}

test("the SARIF has what version 2.1.0 requires, with the place of each finding in bytes, lines and columns", () => {
  const log = sarif([], DOCUMENT);
  const results = log.runs[0]?.results.map(({ ruleId, properties, locations }) => ({
    ruleId,
    ...properties,
    ...locations[0]?.physicalLocation,
  }));
  const at = (line: number, start: number, byteOffset: number, length: number) => ({
    artifactLocation: { uri: "stdin" },
    region: {
      startLine: line,
      startColumn: start,
      endLine: line,
      endColumn: start + length,
      byteOffset,
      byteLength: length,
    },
  });
  expect([log.version, log.$schema, log.runs.length]).toEqual([
    "2.1.0",
    "https://json.schemastore.org/sarif-2.1.0.json",
    1,
  ]);
  expect(results).toEqual([
    { ruleId: "pan", class: "pci_chd", action: "masked", ...at(1, 8, 8, 16) },
    { ruleId: "key-cvv", class: "pci_sad", action: "removed", ...at(2, 9, 33, 3) },
    { ruleId: "key-email", class: "pii", action: "removed", ...at(2, 23, 47, 7) },
    { ruleId: "pan", class: "pci_chd", action: "masked", ...at(3, 7, 63, 16) },
  ]);
});

test("each result names a rule of the driver and says in a message what it is", () => {
  const [first] = sarif([], DOCUMENT).runs;
  const { name, semanticVersion, rules } = first!.tool.driver;
  expect([name, semanticVersion]).toEqual(["assay-scan", expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  for (const { ruleId, ruleIndex, message } of first!.results) {
    expect(rules[ruleIndex]?.id).toBe(ruleId);
    expect(message.text).toMatch(/^\S+ found \w+ data(?: under the key \S+)?\.$/);
  }
});

test("equal values have equal hashes in one run and others in the next, authentication data has none", () => {
  const hashes = (): (string | undefined)[] =>
    sarif([], DOCUMENT).runs[0]!.results.map(({ fingerprints }) => fingerprints?.["hmacSha256/v1"]);
  const [one, other] = [hashes(), hashes()];
  expect(one[0]).toMatch(/^[a-z2-7]{26}$/);
  expect(one).toEqual([one[0], undefined, expect.any(String), one[0]]);
  expect(other[0]).not.toBe(one[0]);
});

test("under a key the hashes of two runs are the same", async () => {
  await using folder = await temporaryFolder("scan");
  const keys = join(folder.path, "keys");
  writeFileSync(keys, `k1=${randomBytes(32).toString("base64")}\n`);
  expect(sarif(["--keys", keys], DOCUMENT)).toEqual(sarif(["--keys", keys], DOCUMENT));
});

test.each(["text", "sarif"])("as %s it never prints what it found", async (format) => {
  await using folder = await temporaryFolder("scan");
  const file = join(folder.path, "a.log");
  const secrets = [PAN, "987", "j@ex.io"];
  writeFileSync(file, `${DOCUMENT}{"pan ${PAN}":{"pin":"4821"}}\n`);
  const { stdout, stderr, code } = run("assay-scan", ["--format", format, file]);
  expect([code, stderr]).toEqual([1, ""]);
  expect(stdout).toContain("a.log");
  expect(secrets.filter((secret) => new RegExp(`(?<!\\d)${secret}`).test(stdout))).toEqual([]);
});

test("nothing found is exit 0 and a SARIF without results", () => {
  expect(run("assay-scan", [], { input: "order 9999000011112220 paid\n" })).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
  });
  expect(sarif([], "").runs[0]?.results).toEqual([]);
});

test("reads the files it is given, and standard input among them", async () => {
  await using folder = await temporaryFolder("scan");
  const file = join(folder.path, "a b.jsonl");
  writeFileSync(file, '{"pin":"4821"}\n');
  const { stdout } = run("assay-scan", [file, "-"], { input: "mail j@ex.io" });
  expect(stdout.split("\n").map((line) => line.replace(/ [a-z2-7]{26}$/, ""))).toEqual([
    expect.stringMatching(
      /a%20b\.jsonl:1:9 bytes 8\+4 key-pin found pci_sad data under the key pin\.$/,
    ),
    "stdin:1:6 bytes 5+7 email found pii data.",
    "",
  ]);
});

test.each([
  [["--format", "xml"], '--format is "xml"; use text or sarif'],
  [["/nowhere/a.log"], '"/nowhere/a.log" cannot be read; name a file, or - for standard input'],
  [
    ["--keys", "/nowhere/keys"],
    '--keys is "/nowhere/keys", which cannot be read; name a file of id=base64 lines',
  ],
  [
    ["--what"],
    "The arguments are not understood; write assay-scan [--format text|sarif] [--keys FILE] [FILE…]; without FILE it reads standard input",
  ],
])("says in one sentence what is wrong and exits with 2 (%#)", (args, sentence) => {
  expect(run("assay-scan", args)).toEqual({
    code: 2,
    stdout: "",
    stderr: `assay-scan: ${sentence}.\n`,
  });
});

test("what is not text is bad input, not a clean file", () => {
  expect(run("assay-scan", [], { input: Buffer.from(`card ${PAN}`, "utf16le") })).toMatchObject({
    code: 2,
    stderr:
      "assay-scan: Standard input is UTF-16 or not text; give text, JSON lines or OTLP/JSON in UTF-8.\n",
  });
});
