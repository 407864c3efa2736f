import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../support/folder.ts";
import { type Sent, sent, type SentOptions } from "./sent.ts";

/** A processor that sends to the receiver of the test. */
export const TO_RECEIVER =
  '{batch: {exporter: {otlp_http: {endpoint: "${RECEIVER}/v1/traces", encoding: json}}}}';
export const SPANS = `tracer_provider: {processors: [${TO_RECEIVER}]}`;

/** Runs an application under OTEL_CONFIG_FILE; in the file `${RECEIVER}` is the receiver's URL. */
export async function sentUnder(yaml: string, options: SentOptions = {}): Promise<Sent> {
  await using folder = await temporaryFolder("declared");
  const file = join(folder.path, "otel.yaml");
  await writeFile(file, `file_format: "1.0"\n${yaml}\n`);
  return await sent({ ...options, env: { OTEL_CONFIG_FILE: file, ...options.env } });
}

/** What was said, without the folder of the file. */
export function withoutFolder(said: readonly string[]): string[] {
  return said.map((line) => line.replaceAll(/\/\S+\/(?=otel\.yaml)/g, ""));
}
