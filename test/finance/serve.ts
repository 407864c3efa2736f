import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPseudonyms } from "@assay/redaction";
import { temporaryFolder } from "../support/folder.ts";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

const KEY = randomBytes(32);

/** What a user, a session and an idempotency key leave the process as. */
export const pseudonym = (id: string): string | undefined =>
  createPseudonyms([{ id: "k1", key: KEY }]).make("user", id);

/** Who the application says that a request is for. */
export interface Who {
  tenant?: string;
  user?: string;
  traceId: string;
}
export type Answer = Who & { status: number };
export type Ask = (path: string, init?: RequestInit) => Promise<Answer>;

export interface Served {
  receiver: OtlpReceiver;
  /** What it said beside its port. */
  output: string;
}

/** Arguments of Node that serve with one framework's plugin, under the preload. */
export const serving = (framework: string, mode: string): string[] => [
  ...(mode === "plain" ? [] : ["--require", "@assay/node/register"]),
  join(import.meta.dirname, "request-context.mjs"),
  framework,
  mode,
];

/** Starts an application, lets `visit` ask it, ends it, and gives what it sent. */
export async function serve(
  args: readonly string[],
  visit: (ask: Ask) => Promise<void>,
  env: Record<string, string> = {},
): Promise<Served> {
  await using folder = await temporaryFolder("request-context");
  await using receiver = await startOtlpReceiver();
  const keys = join(folder.path, "keys");
  await writeFile(keys, `k1=${KEY.toString("base64")}`);
  await using application = await spawnService({
    name: "an application with a plugin",
    command: process.execPath,
    args,
    cwd: import.meta.dirname,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      ASSAY_START_LINE: "false",
      ASSAY_PSEUDONYM_KEYS_FILE: keys,
      NODE_ENV: "test",
      ...env,
    },
    ready: /port \d+/,
  });
  const [line = "", port = ""] = /port (\d+)\n/.exec(application.output()) ?? [];
  await visit(async (path, init) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    return { status: response.status, ...((await response.json()) as Who) };
  });
  await application.stop();
  return { receiver, output: application.output().replace(line, "") };
}

/** Headers by which the application knows for whom a request is. */
export const from = (user: string, tenant: string): Record<string, string> => ({
  "x-user": user,
  "x-tenant": tenant,
});

/** A request with a JSON body. */
export const json = (headers: Record<string, string>, body: string): RequestInit => ({
  method: "POST",
  headers: { ...headers, "content-type": "application/json" },
  body,
});

export const PLUGINS = [
  "express 4",
  "express",
  "fastify",
  "nest on express",
  "nest on fastify",
] as const;
