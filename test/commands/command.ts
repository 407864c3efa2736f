import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

const FOLDER = dirname(createRequire(import.meta.url).resolve("@assay/redaction/package.json"));

/** Runs a command of @assay/redaction, as built into its dist folder, with this standard input, to its end. */
export function run(
  command: "assay-scan" | "assay-token",
  args: readonly string[],
  { input = "", env = {} }: { input?: string | Uint8Array; env?: Record<string, string> } = {},
): Ended {
  const { ASSAY_PSEUDONYM_KEYS_FILE: _, NODE_OPTIONS: __, ...rest } = process.env;
  const file = join(FOLDER, "dist", command.replace("assay-", "").concat("-cli.js"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file, ...args], {
    input,
    env: { ...rest, ...env },
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}
