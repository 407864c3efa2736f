import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT: string = join(__dirname, "../../..");

/** A copy of what the generator reads, in a folder that goes when the test ends. */
export interface TemporaryRoot extends Disposable {
  readonly path: string;
  /** Replaces a text that stands in a file of the registry; throws when it does not. */
  edit(file: string, from: string, to: string): void;
}

/** Copies the registry, the Collector's configuration and the indexes into a temporary folder. */
export function temporaryRoot(): TemporaryRoot {
  const path = mkdtempSync(join(tmpdir(), "assay-registry-"));
  const semconv = "packages/semconv";
  for (const part of [
    `${semconv}/registry`,
    `${semconv}/src/index.ts`,
    `${semconv}/src/index.mts`,
  ]) {
    cpSync(join(ROOT, part), join(path, part), { recursive: true });
  }
  cpSync(join(ROOT, "collector/contrib.yaml"), join(path, "collector/contrib.yaml"));
  return {
    path,
    edit(file, from, to) {
      const absolute = join(path, semconv, "registry", file);
      const text = readFileSync(absolute, "utf8");
      if (!text.includes(from)) throw new Error(`${file} does not contain: ${from}`);
      writeFileSync(
        absolute,
        text.replace(from, () => to),
      );
    },
    [Symbol.dispose]() {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
