import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";

const ROOT = join(import.meta.dirname, "../..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");

/** The commands of the README's shell blocks, with continued lines joined. */
function commands(): string[] {
  return [...README.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = ""]) =>
    block
      .replaceAll(/\\\n\s*/g, "")
      .split("\n")
      .filter((line) => line !== ""),
  );
}

function shell(command: string, cwd: string): Promise<{ stdout: string; stderr: string }> {
  return promisify(execFile)("sh", ["-c", command], { cwd, maxBuffer: 64 * 1024 * 1024 });
}

const PRELOAD = commands().find((command) => command.includes("--require @assay/node/register"))!;

test("the README has these commands, and each has a test here", () => {
  expect(commands()).toEqual([
    "npm start",
    "npm start -- --backends",
    PRELOAD,
    "npx assay-doctor -- node app.js", // test/commands/doctor.test.ts
    "npm test",
    "npm run canary",
    "npm run fuzz",
    "npm run bench -- redaction",
    "npm run exits",
    "npm run outage",
  ]);
});

test("npm start -- --once shows a payment across its callback, outcomes, errors and redactions", async () => {
  const { stdout } = await shell("npm start -- --once", ROOT);
  expect(stdout).toMatch(/↪ callback, linked to [0-9a-f]{8}/);
  expect(stdout).toMatch(/completed\s+-\s+mobile_money\s+KES/);
  expect(stdout).toMatch(/trace [0-9a-f]{32} {2}span [0-9a-f]{16}/);
  expect(stdout).toMatch(/pci_chd\s+masked/);
});

test("npm start -- --backends --once reads one trace id back from all three", async () => {
  const { stdout } = await shell("npm start -- --backends --once", ROOT);
  const traceId = /One trace id in all three[^\n]*\n+\s+([0-9a-f]{32})/.exec(stdout)?.[1];
  expect(stdout).toContain(`/api/traces/${traceId}`);
  expect(stdout).toContain(`in trace ${traceId}`);
  expect(stdout).toContain("exemplar of span metrics");
});

test("the preload's command sends the application's spans to the Collector", async () => {
  await using receiver = await startOtlpReceiver();
  const command = PRELOAD.replace("http://127.0.0.1:4318", receiver.url);
  expect(command).not.toBe(PRELOAD);
  await shell(command, import.meta.dirname);
  expect(
    receiver
      .spans()
      .map(({ kind }) => kind)
      .toSorted(),
  ).toEqual([2, 3]);
  expect(receiver.spans()[0]?.resource["service.name"]).toBe("payments");
});

test("npm run canary prints the matrix with 0 survivors", async () => {
  const { stdout } = await shell("npm run canary", ROOT);
  expect(stdout).toMatch(/\b0 survivors\b/);
});

test("npm run fuzz, with fewer inputs, prints its seed and 0 failures", async () => {
  const { stdout } = await shell("npm run fuzz -- --inputs 2000", ROOT);
  expect(stdout).toMatch(/^0 failures in 2000 inputs, seed \d+, /m);
});

test("npm run bench -- redaction, on few attributes, prints every contender with its ratio", async () => {
  const few = "--attributes 400 --rounds 1 --sample 1";
  const { stdout } = await shell(`npm run bench -- redaction ${few}`, ROOT);
  const rows = stdout.match(/^.+?(?: +\d+ \(\d+\.\d\d×\)){4}$/gm) ?? [];
  expect(rows.length).toBeGreaterThanOrEqual(6);
});

test("npm run exits, for one end, prints it beside plain Node's with nothing lost", async () => {
  const { stdout } = await shell('npm run exits -- "thread: main exits"', ROOT);
  expect(stdout.match(/^thread: main exits +(?:cjs|mjs) +3 +3 +44 +0 +0 +yes /gm)).toHaveLength(2);
});

test("npm run outage, in its short form, prints what was sent and replayed, and no loss", async () => {
  const { stdout } = await shell("npm run outage -- --seconds 4 --kills 3 --rate 200", ROOT);
  expect(stdout.match(/ 0 lost, 0 twice$/gm)).toHaveLength(6);
  expect(stdout).toMatch(/^ {2}sent \d+, replayed \d+, lost 0, duplicated 0; /m);
});

test("npm test is what CI runs, and CI runs nothing else", () => {
  const lines = readFileSync(join(ROOT, ".ci/run"), "utf8").split("\n");
  const run = lines.filter((line) => line !== "" && !line.startsWith("#"));
  expect(run).toEqual([expect.stringMatching(/&& npm test( --silent)?$/)]);
});
