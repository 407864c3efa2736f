import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import cases from "../../packages/redaction/test/cases.json" with { type: "json" };
import forms from "../../packages/redaction/test/forms.json" with { type: "json" };
import { newTraceId, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { waitFor } from "../support/wait.ts";
import { startPipeline } from "./pipeline.ts";

// What each ring catches of the same values: the application's own redaction, our processor in the Collector, and for
// the upstream image contrib's processors. Values that are texts, since those are what all three can be given.

interface Sample {
  family: string;
  key: string;
  value: string;
  secrets: readonly string[];
  traceId: string;
}

/** How many of a family's secrets a ring removed, or of its clean values it changed. */
type Tally = Record<string, { right: number; all: number }>;

const samples: Sample[] = [
  ...cases.map(({ cat, key, value, secrets }) => ({ family: familyOf(cat), key, value, secrets })),
  ...forms.removes.map(({ key, value, secrets }) => ({
    family: "other forms",
    key,
    value,
    secrets,
  })),
  ...forms.keeps.map(({ key, value }) => ({ family: "clean", key, value, secrets: null })),
].flatMap(({ family, key, value, secrets }) =>
  typeof value === "string" && !(secrets ?? []).some((secret) => /^[A-Z]{3,}$/.test(secret))
    ? [
        {
          family: secrets === null ? "clean" : family,
          key,
          value,
          secrets: secrets ?? [],
          traceId: newTraceId(),
        },
      ]
    : [],
);

function familyOf(category: string): string {
  const [first = ""] = category.split("-", 1);
  const families: Record<string, string> = {
    pan: "card numbers",
    url: "URLs",
    json: "JSON, XML, SQL",
    xml: "JSON, XML, SQL",
    sql: "JSON, XML, SQL",
    mongo: "JSON, XML, SQL",
    iso20022: "JSON, XML, SQL",
    hdr: "headers, base64, hexadecimal",
    b64: "headers, base64, hexadecimal",
    hex: "headers, base64, hexadecimal",
    html: "card numbers",
    track2: "authentication data",
    emv: "authentication data",
    iso8583: "authentication data",
    cvv: "authentication data",
    pin: "authentication data",
    pinblock: "authentication data",
    iban: "accounts and national ids",
    aba: "accounts and national ids",
    acct: "accounts and national ids",
    ssn: "accounts and national ids",
    ke: "accounts and national ids",
    bvn: "accounts and national ids",
    zw: "accounts and national ids",
    passport: "accounts and national ids",
    msisdn: "telephone and e-mail",
    us: "telephone and e-mail",
    email: "telephone and e-mail",
    ua: "telephone and e-mail",
  };
  return families[first] ?? "credentials";
}

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");

function tally(outcome: (sample: Sample) => string): Tally {
  const counts: Tally = {};
  for (const sample of samples) {
    const out = outcome(sample);
    const isRight =
      sample.family === "clean"
        ? out === sample.value
        : !sample.secrets.some(
            (secret) =>
              out.includes(secret) ||
              // The forms of this repository list parts that a mask may show without their separators.
              (sample.family !== "other forms" &&
                secret.length > 4 &&
                letters(out).includes(letters(secret))),
          );
    const count = (counts[sample.family] ??= { right: 0, all: 0 });
    count.all += 1;
    if (isRight) count.right += 1;
  }
  return counts;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

async function throughCollector(config: string): Promise<Tally> {
  await using pipeline = await startPipeline({ config });
  const spans = samples.map(({ key, value, traceId }) => ({
    traceId,
    name: "sample",
    error: "x",
    attributes: { [key]: value },
  }));
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest(spans));
  const seen = await waitFor(
    () => {
      const found = new Map(pipeline.bridge.spans().map((span) => [span.traceId, span]));
      return samples.every(({ traceId }) => found.has(traceId)) && found;
    },
    { what: "every sample at the error bridge", deadlineMs: 60_000 },
  );
  return tally(({ traceId }) => {
    const [value] = Object.values(seen.get(traceId)!.attributes);
    return textOf(value);
  });
}

test("docs/redaction.md says what each ring catches", { timeout: 180_000 }, async () => {
  const redactor = createRedactor();
  const process = tally(({ key, value }) => textOf(redactor.value(key, value)));
  const collector = await throughCollector("single.yaml");
  const contrib = await throughCollector("contrib.yaml");
  expect(collector).toEqual(process);

  const share = ({ right, all }: { right: number; all: number }): string => `${right} of ${all}`;
  const rows = Object.keys(process)
    .toSorted((a, b) => Number(a === "clean") - Number(b === "clean") || a.localeCompare(b))
    .map((family) => [
      family === "clean" ? "clean values left as they were" : family,
      share(process[family]!),
      share(collector[family]!),
      share(contrib[family]!),
    ]);
  const table = [["values", "in the process", "our Collector", "the upstream image"], ...rows];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  const text = [
    "<!-- Written by test/pipeline/rings.test.ts (`vitest run rings -u` in test/). Do not edit. -->",
    "",
    "# What each ring catches",
    "",
    "The same values, each as one attribute of a span: redacted in the process by `@assay/redaction`, by the processor `assayredaction` in our Collector (`collector/single.yaml`), which runs the same engine, and by contrib's processors in the upstream image (`collector/contrib.yaml`), which know patterns but no check digits, no context and no encodings. A value counts when none of its secrets is left.",
    "",
    line(table[0]!),
    line(widths.map((width) => "-".repeat(width))),
    ...table.slice(1).map((row) => line(row)),
    "",
    "The process is the first ring and the one that counts: what it removes has never left. The Collector's is the second net, for applications that do not run Assay.",
    "",
  ].join("\n");
  await expect(text).toMatchFileSnapshot("../../packages/redaction/docs/redaction.md");
});
