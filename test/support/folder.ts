import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder under the system's temporary folder, removed on dispose. */
export interface TemporaryFolder extends AsyncDisposable {
  path: string;
}

/** Makes an empty folder; with `ASSAY_KEEP=1` in the environment it stays after dispose, to be looked at. */
export async function temporaryFolder(name: string): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), `assay-${name}-`));
  return {
    path,
    async [Symbol.asyncDispose]() {
      if (process.env.ASSAY_KEEP !== "1") {
        await rm(path, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}
