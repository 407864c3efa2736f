import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { backendPath, cacheFolder } from "../../scripts/backends.mjs";

const CONFIG = join(import.meta.dirname, "bugsink_conf.py");
const run = promisify(execFile);

/** The name under which a template keeps the token for bugsink's API. */
export const TOKEN_FILE = "token";

/** The path of a program in bugsink's venv. */
export function bugsinkProgram(name: string): string {
  return process.platform === "win32"
    ? join(backendPath("bugsink"), "Scripts", `${name}.exe`)
    : join(backendPath("bugsink"), "bin", name);
}

/**
 * A folder with bugsink's configuration, its migrated and empty databases and an API token, to copy and run in.
 *
 * Migrating takes 5 s, so it is done once for each version of bugsink and of the configuration and kept in the
 * backends' cache. Two processes at once make two, and the first one stays.
 */
export async function bugsinkTemplate(): Promise<string> {
  const config = await readFile(CONFIG);
  const key = createHash("sha256")
    .update(basename(backendPath("bugsink")))
    .update(config);
  const folder = join(cacheFolder(), `bugsink-template-${key.digest("hex").slice(0, 16)}`);
  if (!existsSync(folder)) {
    await mkdir(cacheFolder(), { recursive: true });
    const aside = await mkdtemp(`${folder}.`);
    try {
      await copyFile(CONFIG, join(aside, "bugsink_conf.py"));
      await manage(aside, ["migrate"]);
      await manage(aside, ["migrate", "snappea", "--database=snappea"]);
      const output = await manage(aside, ["create_auth_token"]);
      await writeFile(join(aside, TOKEN_FILE), output.trim().split("\n").at(-1) ?? "");
      await rename(aside, folder);
    } catch (error) {
      await rm(aside, { recursive: true, force: true });
      if (!existsSync(folder)) {
        throw error;
      }
    }
  }
  return folder;
}

/** The environment that bugsink's programs need to run in `folder`. */
export function bugsinkEnvironment(folder: string, url: string): Record<string, string> {
  return {
    PYTHONPATH: folder,
    PYTHONDONTWRITEBYTECODE: "1",
    ASSAY_BUGSINK_URL: url,
    ASSAY_BUGSINK_SECRET: "a secret of tests on loopback, which protects nothing",
  };
}

async function manage(folder: string, args: string[]): Promise<string> {
  const { stdout } = await run(bugsinkProgram("bugsink-manage"), args, {
    cwd: folder,
    env: { ...process.env, ...bugsinkEnvironment(folder, "http://127.0.0.1:1") },
  });
  return stdout;
}
