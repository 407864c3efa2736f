import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { expect, test } from "vitest";
import { TENANTS } from "../../examples/mpesa-mcp/src/tenants.ts";
import { spawnService } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";
import { expectedCallbacks, expectedOutcome, expectedOutcomes } from "./expected.ts";

const FILE = new URL("../../examples/mpesa-mcp/src/start.ts", import.meta.url).pathname;

test("npm start -- --once shows a linked callback, outcomes, an error with its trace and what redaction removed", async () => {
  await using _ = await takePort(4318);
  const output = await finished("--once");
  expect(output).toMatch(/^Port 4318 is in use; the console takes a free one\.$/m);

  const tree = section(output, "One payment across its callback");
  const [, initiation = "none"] = /▸ initiation.*\n\s+trace ([0-9a-f]{32})\n/.exec(tree) ?? [];
  expect(tree).toMatch(/POST \/payments[\s\S]+initiate collection[\s\S]+INSERT payments/);
  expect(tree).toContain(`↪ callback, linked to ${initiation.slice(0, 8)}… (initiate collection)`);
  expect(tree).toMatch(/POST \/callbacks\/daraja[\s\S]+settle collection.+completed/);

  const metrics = rows(section(output, "Metrics by outcome"));
  const outcomes = expectedOutcomes().map(([label, count]) => `${label} mobile_money KES ${count}`);
  expect(metrics.slice(1, outcomes.length + 1)).toEqual(outcomes);
  const { result, duplicate } = expectedCallbacks();
  expect(metrics).toEqual(
    expect.arrayContaining([
      `KES ${((expectedOutcome("completed -") * 150_000) / 100).toLocaleString("en")}.00`,
      `duplicate safaricom ${duplicate}`,
      `result safaricom ${result}`,
    ]),
  );

  const errors = section(output, "Errors");
  expect(errors).toMatch(/DARAJA_REFUSED: Daraja refused stk_push: HTTP 500/);
  expect(errors).toMatch(/trace [0-9a-f]{32} {2}span [0-9a-f]{16}/);
  expect(errors).toMatch(/from .*Sentry envelope/);

  const removed = rows(section(output, "What redaction removed"));
  expect(removed).toContainEqual(expect.stringMatching(/^pci_chd masked body [1-9]/));
  expect(removed).toContainEqual(expect.stringMatching(/^pii removed attribute [1-9]/));
  expect(rows(section(output, "Boundaries"))).toEqual([
    expect.stringMatching(/^Daraja got \d+ requests, 0 of them with trace context or baggage\.$/),
    "A tenant asked 1 time(s) for a payment of another one, and was refused.",
  ]);
  expect(output).not.toMatch(/4111 ?1111|jane\.doe|2547\d{8}/);
});

test("npm start serves on, draws the next payment, and a signal ends it with 0", async () => {
  await using start = await spawnService({
    name: "npm start",
    command: process.execPath,
    args: [FILE],
    env: { NO_COLOR: "1" },
    ready: /^Ctrl-C ends it\.$/m,
    deadlineMs: 60_000,
  });
  const [, url] = /^The service is at (\S+)\. /m.exec(start.output()) ?? [];
  const response = await fetch(`${url}/payments`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${TENANTS[0]!.apiKey}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify({ phone: "254712345604", amount: "20.00", reference: "INV-2001" }),
  });
  const { id } = (await response.json()) as { id: string };
  const drawn = new RegExp(`^Payment ${id} {2}cancelled {2}KES 20\\.00`, "m");
  await waitFor(() => drawn.test(start.output()), { what: `payment ${id} on the terminal` });
  expect(await start.stop(30_000)).toEqual({ code: 0, signal: null });
});

test("npm start -- --backends --once reads one trace id back from Jaeger, Prometheus and bugsink", async () => {
  const output = await finished("--backends", "--once");
  const tree = section(output, "Jaeger: one payment across its callback");
  expect(tree).toMatch(/↪ callback, linked to [0-9a-f]{8}… \(initiate collection\)/);
  expect(rows(section(output, "Prometheus: payments by outcome")).slice(1).toSorted()).toEqual(
    expectedOutcomes()
      .map(([label, count]) => `${count} ${label}`)
      .toSorted(),
  );
  expect(section(output, "bugsink: the provider's error")).toContain("DARAJA_REFUSED");
  const [traceId, jaeger, exemplar, , event] = rows(section(output, "One trace id in all three"));
  expect(traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(jaeger).toMatch(new RegExp(`^Jaeger http://127\\.0\\.0\\.1:\\d+/api/traces/${traceId}$`));
  expect(exemplar).toMatch(/^Prometheus exemplar of span metrics, span [0-9a-f]{16}$/);
  expect(event).toMatch(/^bugsink http:.+\/events\/[0-9a-f-]{36}\/$/);
}, 300_000);

test("an option that it does not know is one sentence and 1", async () => {
  expect(await run("--onse")).toEqual({
    code: 1,
    output: 'npm start does not know "--onse"; use --once or --backends.\n',
  });
});

/** What it printed; fails with all of it when the code is not 0. */
async function finished(...args: string[]): Promise<string> {
  const { code, output } = await run(...args);
  if (code !== 0) throw new Error(`npm start ended with ${String(code)}:\n${output}`);
  return output;
}

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
