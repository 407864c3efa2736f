import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import { expect, test } from "vitest";
import { PAYMENT_SPANS, tracesRequest } from "./otlp-payment.ts";

// Vitest runs in the package's folder.
const CLI = resolve("dist/console-cli.js");

type Cli = ChildProcessByStdio<null, Readable, Readable>;

function start(port: string): Cli {
  if (!existsSync(CLI))
    throw new Error("The console is not built: npm run build -w @assay/console");
  const env = { ...process.env, ASSAY_CONSOLE_PORT: port, FORCE_COLOR: "0" };
  return spawn(process.execPath, [CLI], { env, stdio: ["ignore", "pipe", "pipe"] });
}

async function readUntil(stream: Readable, found: RegExp): Promise<string> {
  let text = "";
  for await (const chunk of stream.iterator({ destroyOnReturn: false })) {
    text += String(chunk);
    if (found.test(text)) return text;
  }
  throw new Error(`The stream ended without ${found}: ${text}`);
}

async function readAll(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text;
}

test("it says where it listens, draws what arrives, and ends with 0 on Ctrl-C", async () => {
  const cli = start("0");
  const greeting = await readUntil(cli.stdout, /SENTRY_DSN=\S+\n/);
  const url = /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(greeting)?.[1] ?? "";
  await fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(tracesRequest(PAYMENT_SPANS)),
  });
  const report = await readUntil(cli.stdout, /nothing dropped\n/);
  const exited = once(cli, "exit");
  cli.kill("SIGINT");
  expect(report).toContain("Payment pay_7Q2  completed  KES 1,500.00");
  expect(await exited).toEqual([0, null]);
});

test("a port in use is one sentence with the port, the variable and what to write, and exit 1", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const cli = start(String(port));
  const exited = once(cli, "exit");
  expect([await readAll(cli.stderr), await exited]).toEqual([
    `Port ${port} is in use; set ASSAY_CONSOLE_PORT to a free port, for example ASSAY_CONSOLE_PORT=${port + 1}, or to 0 for any.\n`,
    [1, null],
  ]);
  taken.close();
});

test("a port that is none is one sentence", async () => {
  const cli = start("http");
  const exited = once(cli, "exit");
  const said = await readUntil(cli.stderr, /\n/);
  cli.kill("SIGTERM");
  await exited;
  expect(said).toMatch(
    /^ASSAY_CONSOLE_PORT is "http"; use a whole number from 0 to 65535\. 4318 is used\.\n/,
  );
});
