import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPseudonyms } from "@assay/redaction";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";
import { once, told } from "./sent.ts";

const CUSTOMER = "cus_8f14e45f";
const PHONE = "254712345678";

async function attributesUnder(lines: string): Promise<Record<string, unknown> | undefined> {
  await using folder = await temporaryFolder("keys");
  await using receiver = await startOtlpReceiver();
  const file = join(folder.path, "keys");
  await writeFile(file, lines);
  await runApplication({
    file: "customer.cjs",
    args: [CUSTOMER, PHONE],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      ASSAY_PSEUDONYM_KEYS_FILE: file,
    },
  });
  return receiver.spans()[0]?.attributes;
}

test("with a key file, what identifies a customer is the same pseudonym wherever it stands", async () => {
  const [old, fresh] = [randomBytes(32), randomBytes(32)];
  const lines = [`k2=${fresh.toString("base64")}`, `k1=${old.toString("base64")}`];
  const attributes = await attributesUnder(lines.join("\n"));
  const { make } = createPseudonyms([{ id: "k2", key: fresh }]);
  expect(attributes).toMatchObject({
    "finance.customer.id": make("customer", CUSTOMER),
    "app.note": `call ${make("msisdn", PHONE)} back`,
  });
});

test("a key that is too short is refused, and markers stand", async () => {
  const attributes = await attributesUnder(`k1=${randomBytes(31).toString("base64")}`);
  expect(attributes).toMatchObject({
    "finance.customer.id": "[id]",
    "app.note": "call [phone] back",
  });
});

test("a wrong ASSAY_PSEUDONYM_KEYS_FILE is one sentence", async () => {
  expect(await told("ASSAY_PSEUDONYM_KEYS_FILE", "/nowhere/keys")).toEqual(
    once(
      'ASSAY_PSEUDONYM_KEYS_FILE is "/nowhere/keys"; use the path of a file with lines of id=base64, each key of 32 bytes or more. Markers stand in place of pseudonyms until then.',
    ),
  );
});
