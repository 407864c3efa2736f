import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { counts, differences, outputs } from "../scripts/outputs.mts";
import { prometheusNameOf } from "../scripts/prometheus.mts";
import {
  ATTR_FINANCE_PAYMENT_ID,
  FINANCE_CARD_THREE_DS_STATUS_VALUE_AUTHENTICATED,
  FINANCE_OUTCOME_VALUE_UNKNOWN,
  INSTRUMENT_FINANCE_PAYMENT_DURATION,
  INSTRUMENTS,
  THRESHOLDS,
} from "../src/index.ts";
import { ROOT, temporaryRoot } from "./temporary-root.ts";

test("every committed output is what the registry generates", async () => {
  const made = await outputs(ROOT, prometheusNameOf);
  process.stdout.write(`${counts(made)}\n`);
  expect(differences(ROOT, made)).toEqual([]);
});

test("the command says how much there is and that nothing differs", async () => {
  const generator = join(ROOT, "packages/semconv/scripts/generate.mts");
  const { stdout } = await promisify(execFile)(process.execPath, [generator, "--check"]);
  expect(stdout).toMatch(/^semconv: \d+ attributes, each on a signal, and \d+ deny entries; .*\n$/);
}, 60_000);

test("a changed class changes the constants' documents, the Collector and the redaction policy", async () => {
  using root = temporaryRoot();
  const before = await outputs(root.path, prometheusNameOf);
  for (const [path, text] of before.files) {
    mkdirSync(dirname(join(root.path, path)), { recursive: true });
    writeFileSync(join(root.path, path), text);
  }
  expect(differences(root.path, before)).toEqual([]);

  const payment = 'brief: "Reference that the customer sees."';
  const open = "data_protection: { class: confidential, action: scan }";
  const text = `${payment}\n    examples: ["INV-2026-0042"]\n    annotations:\n      ${open}`;
  root.edit(
    "attributes.payment.yaml",
    text,
    text.replace(open, "data_protection: { class: pii, action: remove }"),
  );
  const after = await outputs(root.path, prometheusNameOf);

  expect(differences(root.path, after).toSorted()).toEqual([
    "collector/contrib.yaml",
    "packages/redaction/src/generated/key-policy.ts",
    "packages/semconv/docs/payment.md",
    "packages/semconv/resolved.json",
    "packages/semconv/src/generated/attribute-types.ts",
    "packages/semconv/src/generated/payment.mts",
    "packages/semconv/src/generated/payment.ts",
  ]);
  expect(after.files.get("packages/semconv/src/generated/payment.ts")).toContain(
    " * Reference that the customer sees.\n * Class pii, removed; unbounded.\n",
  );
  expect(after.files.get("collector/contrib.yaml")).toContain("finance\\\\.payment\\\\.reference|");
});

test("every attribute is on a signal or is a deny entry", async () => {
  const { registry } = await outputs(ROOT, prometheusNameOf);
  const signals = [...registry.metrics, ...registry.spans, ...registry.events];
  const used = new Set(signals.flatMap(({ references }) => references.map(({ key }) => key)));
  const idle = registry.attributes.filter(({ key, denied }) => used.has(key) === denied);
  expect(idle.map(({ key }) => key)).toEqual([]);
});

test("outcome and failure domain are on payments, operations and calls to providers", async () => {
  const { registry } = await outputs(ROOT, prometheusNameOf);
  const signals = [...registry.metrics, ...registry.spans].filter(({ name }) =>
    /^finance\.(?:payment\.(?:initiate|callback|authorize|capture|refund|duration|transactions)|operation|operation\.duration|provider\.call|provider\.call\.duration)$/.test(
      name,
    ),
  );
  const without = signals.filter(({ references }) =>
    ["finance.outcome", "finance.failure.domain"].some(
      (key) => !references.some((reference) => reference.key === key),
    ),
  );
  expect([signals.length, without.map(({ name }) => name)]).toEqual([11, []]);
});

// Milliseconds as the users gave them: for requests, for the database, for operations, and the limits of all.
const REQUESTS = [500, 300, 1000, 800, 800, 1000, 600, 500];
const DATABASE = [200, 300, 400, 250];
const OPERATIONS = [1000, 1500, 3000, 1200];
const CEILINGS = [1000, 500, 5000];
const ASKED = [...REQUESTS, ...DATABASE, ...OPERATIONS, ...CEILINGS];

test("every threshold that was asked for is a boundary of every histogram in seconds", () => {
  const histograms = INSTRUMENTS.filter(({ kind, unit }) => kind === "histogram" && unit === "s");
  const missing = histograms.flatMap(({ name, buckets = [] }) =>
    ASKED.filter((limit) => !buckets.includes(limit / 1000)).map((limit) => `${name} ${limit}`),
  );
  expect([histograms.length > 0, missing]).toEqual([true, []]);
  expect(THRESHOLDS.map(({ limitMs }) => limitMs)).toEqual(ASKED);
});

test("constants carry the registry's names and values", () => {
  expect([
    ATTR_FINANCE_PAYMENT_ID,
    FINANCE_OUTCOME_VALUE_UNKNOWN,
    FINANCE_CARD_THREE_DS_STATUS_VALUE_AUTHENTICATED,
  ]).toEqual(["finance.payment.id", "unknown", "Y"]);
});

test("an instrument says all that a meter and a view need", () => {
  expect(INSTRUMENT_FINANCE_PAYMENT_DURATION).toEqual({
    name: "finance.payment.duration",
    kind: "histogram",
    unit: "s",
    description: expect.stringContaining("Time from the creation of a payment"),
    valueType: "double",
    attributes: [
      "finance.outcome",
      "finance.payment.method",
      "finance.provider.name",
      "finance.currency.code",
      "finance.failure.domain",
      "finance.tenant.tier",
    ],
    required: ["finance.outcome", "finance.payment.method"],
    optIn: ["finance.tenant.tier"],
    buckets: [
      0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1, 1.2, 1.5, 2.5, 3, 5, 10, 30, 60, 120, 300,
    ],
  });
});
