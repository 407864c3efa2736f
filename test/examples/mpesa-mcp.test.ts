import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { spawnService } from "../support/process.ts";

const FILE = new URL("../../examples/mpesa-mcp/src/start.ts", import.meta.url).pathname;

test("npm start -- --once shows a linked callback, outcomes, an error with its trace and what redaction removed", async () => {
  await using _ = await takePort(4318);
  const { code, output } = await run("--once");
  expect(output).toMatch(/^Port 4318 is in use; the console takes a free one\.$/m);

  const tree = section(output, "One payment across its callback");
  const [, initiation = "none"] = /▸ initiation.*\n\s+trace ([0-9a-f]{32})\n/.exec(tree) ?? [];
  expect(tree).toMatch(/POST \/payments[\s\S]+initiate collection[\s\S]+INSERT payments/);
  expect(tree).toContain(`↪ callback, linked to ${initiation.slice(0, 8)}… (initiate collection)`);
  expect(tree).toMatch(/POST \/callbacks\/daraja[\s\S]+settle collection.+completed/);

  expect(rows(section(output, "Metrics by outcome")).slice(1, 6)).toEqual([
    "cancelled customer mobile_money KES 1",
    "completed - mobile_money KES 4",
    "expired customer mobile_money KES 1",
    "failed customer mobile_money KES 1",
    "failed provider mobile_money KES 1",
  ]);
  expect(rows(section(output, "Metrics by outcome"))).toEqual(
    expect.arrayContaining(["KES 6,000.00", "duplicate safaricom 2", "result safaricom 6"]),
  );

  const errors = section(output, "Errors");
  expect(errors).toMatch(/DARAJA_REFUSED: Daraja answered 500/);
  expect(errors).toMatch(/trace [0-9a-f]{32} {2}span [0-9a-f]{16}/);
  expect(errors).toMatch(/from .*Sentry envelope/);

  const removed = rows(section(output, "What redaction removed"));
  expect(removed).toContainEqual(expect.stringMatching(/^pci_chd masked body [1-9]/));
  expect(removed).toContainEqual(expect.stringMatching(/^pii removed attribute [1-9]/));
  expect(output).not.toMatch(/4111 ?1111|jane\.doe|2547\d{8}/);
  expect(code).toBe(0);
});

test("an option that it does not know is one sentence and 1", async () => {
  expect(await run("--onse")).toEqual({
    code: 1,
    output: 'npm start does not know "--onse"; use --once or --backends.\n',
  });
});

async function run(...args: string[]): Promise<{ code: number | null; output: string }> {
  await using start = await spawnService({
    name: "npm start",
    command: process.execPath,
    args: [FILE, ...args],
    env: { NO_COLOR: "1" },
  });
  const { code } = await start.exited;
  return { code, output: start.output() };
}

/** Holds a port, unless somebody else does already. */
async function takePort(port: number): Promise<AsyncDisposable> {
  const server: Server = createServer();
  server.listen(port, "127.0.0.1");
  const isOurs = await once(server, "listening").then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EADDRINUSE") throw error;
      return false;
    },
  );
  return {
    async [Symbol.asyncDispose]() {
      if (!isOurs) return;
      server.close();
      await once(server, "close");
    },
  };
}

/** The text below a heading, to the next one. */
function section(output: string, title: string): string {
  const [, text = ""] = output.split(new RegExp(`^${title} ─+$`, "m"));
  return text.split(/^.+ ─{3,}$/m)[0]!;
}

function rows(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim().replaceAll(/ {2,}/g, " "))
    .filter((line) => line !== "");
}
