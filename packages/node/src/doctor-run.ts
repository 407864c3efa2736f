import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Probed } from "./doctor-probe.ts";

/** How the application ran. */
export interface Run {
  probed: Probed | undefined;
  /** Its exit code; null when it was still running when it had told all. */
  code: number | null;
  stderr: string;
  /** The code with which it could not be started at all. */
  error?: string;
}

const POLL_MS = 50;
const STOP_MS = 5_000;

/**
 * Runs the application under the preload until it ends, serves, or `forMs` are over, and then ends it.
 *
 * `whileRunning` is called when it serves. A command that has the preload itself keeps its own order.
 */
export async function runApplication(
  [command = "node", ...args]: readonly string[],
  forMs: number,
  whileRunning: (stderr: string) => Promise<void>,
): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "assay-doctor-"));
  const file = join(folder, "probed.json");
  const given = process.env["NODE_OPTIONS"] ?? "";
  const preload = join(__dirname, "register.js");
  const hasPreload = [given, ...args].some(
    (text) => text.includes("@assay/node") || text.includes(preload),
  );
  const flags = [
    given,
    `--require ${quoted(join(__dirname, "doctor-probe.js"))}`,
    ...(hasPreload ? [] : [`--require ${quoted(preload)}`]),
  ];
  const child = spawn(command, args, {
    env: { ...process.env, NODE_OPTIONS: flags.join(" ").trim(), ASSAY_DOCTOR_FILE: file },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-65_536);
  });
  const ended = new Promise<{ code: number | null; error?: string }>((resolve) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      resolve({ code: null, error: error.code ?? "unknown" }),
    );
    child.once("close", (code) => resolve({ code }));
  });
  try {
    const first = await Promise.race([ended, told(file, forMs)]);
    if (first !== undefined) return { probed: read(file), stderr, ...first };
    const probed = read(file);
    await whileRunning(stderr);
    child.kill("SIGTERM");
    const killer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
    await ended;
    clearTimeout(killer);
    // One that never served tells when it ends.
    return { probed: probed ?? read(file), code: null, stderr };
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

function quoted(path: string): string {
  return `"${path.replaceAll("\\", "\\\\")}"`;
}

async function told(file: string, forMs: number): Promise<undefined> {
  const until = performance.now() + forMs;
  while (performance.now() < until && !existsSync(file)) {
    await new Promise((resolve) => {
      setTimeout(resolve, POLL_MS);
    });
  }
}

function read(file: string): Probed | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Probed;
  } catch {
    return undefined; // it never came so far as to tell
  }
}
