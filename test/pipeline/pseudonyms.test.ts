import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import cases from "../../packages/redaction/test/cases.json" with { type: "json" };
import forms from "../../packages/redaction/test/forms.json" with { type: "json" };
import { temporaryFolder } from "../support/folder.ts";
import { newTraceId, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { waitFor } from "../support/wait.ts";
import { startPipeline } from "./pipeline.ts";

test("with the same keys the Collector and the application write the same pseudonyms", async () => {
  await using folder = await temporaryFolder("keys");
  const key = randomBytes(32);
  const file = join(folder.path, "keys");
  await writeFile(file, `k1=${key.toString("base64")}\n`);
  await using pipeline = await startPipeline({
    settings: [
      `processors::assayredaction::pseudonym_keys: [{ id: k1, key_file: ${JSON.stringify(file)} }]`,
    ],
  });
  const redactor = createRedactor({ pseudonymKeys: [{ id: "k1", key }] });
  const texts = [...cases, ...forms.removes, ...forms.keeps].flatMap(({ key: name, value }) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );
  const customers = ["cus_8f14", "cus_aB"].map((id) => ["finance.customer.id", id] as const);
  const sent = [...texts, ...customers].map(([name, value]) => ({
    name,
    value,
    traceId: newTraceId(),
  }));
  const spans = sent.map(({ name, value, traceId }) => ({
    traceId,
    name: value,
    error: "x",
    attributes: { [name]: value },
  }));
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest(spans));
  const seen = await waitFor(
    () => {
      const found = new Map(pipeline.bridge.spans().map((span) => [span.traceId, span]));
      return sent.every(({ traceId }) => found.has(traceId)) && found;
    },
    { what: "every case at the error bridge", deadlineMs: 30_000 },
  );
  const got = sent.map(({ name, value, traceId }) => {
    const { name: text, attributes } = seen.get(traceId)!;
    return { name, value, text, attributes };
  });
  expect(got).toEqual(
    sent.map(({ name, value }) => {
      const kept = redactor.value(name, value);
      const attributes = kept === undefined ? {} : { [redactor.text(name)]: kept };
      return { name, value, text: redactor.text(value), attributes };
    }),
  );
  expect(JSON.stringify(got).match(/p1\.k1\.[a-z2-7]{26}/g)?.length).toBeGreaterThan(50);
});
