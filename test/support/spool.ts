import { randomBytes } from "node:crypto";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./folder.ts";

/** A folder for the encrypted spool, with a key for it. Disposing removes both. */
export interface SpoolFolder extends AsyncDisposable {
  /** The spool makes it. */
  folder: string;
  keyFile: string;
  /** What a process that spools has in its environment. */
  env: Record<string, string>;
  /** Every batch on disk, also what is put aside. */
  batches(): string[];
  /** Writes another key, under `id`. */
  rekey(id?: string, bytes?: number): void;
}

export async function spoolFolder(): Promise<SpoolFolder> {
  const root = await temporaryFolder("spool");
  const keyFile = join(root.path, "keys");
  const folder = join(root.path, "spool");
  const rekey = (id = "k1", bytes = 32): void =>
    writeFileSync(keyFile, `${id}=${randomBytes(bytes).toString("base64")}\n`);
  rekey();
  return {
    folder,
    keyFile,
    env: { ASSAY_SPOOL_DIR: folder, ASSAY_SPOOL_KEY_FILE: keyFile, OTEL_METRICS_EXPORTER: "none" },
    batches: () =>
      readdirSync(root.path, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".batch"))
        .map((name) => join(root.path, name)),
    rekey,
    [Symbol.asyncDispose]: () => root[Symbol.asyncDispose](),
  };
}
