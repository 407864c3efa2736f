import { join, resolve } from "node:path";
import { type Exit, type Service, spawnService } from "../support/process.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");

export interface ApplicationOptions {
  /** A file of fixtures/. */
  file: string;
  args?: readonly string[];
  flag?: "--require" | "--import";
  /** The Node that runs it; the pinned one unless a test asks for another. */
  node?: string;
  /** The preload; Assay's own unless a test compares. */
  preload?: string;
  env?: Record<string, string>;
  ready?: RegExp;
}

/** Starts an application under the preload, as a team does it. */
export function startApplication({
  file,
  args = [],
  flag = "--require",
  node = process.execPath,
  preload = "@assay/node/register",
  env = {},
  ready,
}: ApplicationOptions): Promise<Service> {
  return spawnService({
    name: file,
    command: node,
    args: [flag, preload, resolve(FIXTURES, file), ...args],
    cwd: join(FIXTURES, ".."),
    // The line comes when a process lives for a second, which depends on the machine.
    env: { OTEL_SERVICE_NAME: "fixture", ASSAY_START_LINE: "false", ...env },
    ...(ready === undefined ? {} : { ready }),
  });
}

/** Runs an application to its end. */
export async function runApplication(
  options: ApplicationOptions,
): Promise<Exit & { output: string; stdout: string; stderr: string }> {
  const application = await startApplication(options);
  const exit = await application.exited;
  const [stdout, stderr] = [application.output("stdout"), application.output("stderr")];
  return { ...exit, output: application.output(), stdout, stderr };
}
