import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBridgeHandler } from "../src/bridge-handler.ts";
import { readProjects, type ProjectSetting } from "../src/bridge-projects.ts";
import { createErrorBridge } from "../src/bridge-server.ts";
import { parseDsn } from "../src/dsn.ts";
import { EXCEPTION, type FailedSpan, send, traces, tracesOf } from "./otlp-body.ts";
import { sentryServer } from "./sentry-server.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "assay-bridge-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const failed = (message: string): FailedSpan => ({
  spanId: "00f067aa0ba902b7",
  exception: { ...EXCEPTION, "exception.message": message },
});

const project = (name: string, dsn: string, services?: string[]): ProjectSetting => ({
  name,
  dsn: parseDsn(dsn),
  services,
});

const messages = (server: { events(): { exception?: { values?: { value?: string }[] } }[] }) =>
  server.events().map((event) => event.exception?.values?.[0]?.value);

test("each service's errors go to the project that names it, the others to the one that names none", async () => {
  await using payments = await sentryServer();
  await using rest = await sentryServer();
  const projects = [
    project("payments", payments.dsn, ["payments-api", "payments-worker"]),
    project("rest", rest.dsn),
  ];
  await using bridge = await createErrorBridge({ projects, port: 0 });
  const body = tracesOf({
    "payments-api": [failed("a")],
    "payments-worker": [failed("b")],
    catalogue: [failed("c")],
  });
  expect((await send(bridge.url, "/v1/traces", body)).status).toBe(200);
  expect([messages(payments), messages(rest)]).toEqual([["a", "b"], ["c"]]);
});

test("a project that Sentry limits is answered 429 until the limit ends, asked no more, and holds up no other", async () => {
  await using limited = await sentryServer();
  await using well = await sentryServer();
  const projects = [project("limited", limited.dsn, ["limited"]), project("well", well.dsn)];
  await using bridge = await createErrorBridge({ projects, port: 0 });
  limited.answer(429, { "retry-after": "1", "x-sentry-rate-limits": "2:error;default:key" });
  const body = tracesOf({ limited: [failed("later")], well: [failed("now")] });
  const first = await send(bridge.url, "/v1/traces", body);
  expect([first.status, first.headers.get("retry-after")]).toEqual([429, "2"]);
  limited.answer(200);
  const again = await send(bridge.url, "/v1/traces", body);
  expect([again.status, limited.requests(), messages(well)]).toEqual([429, 1, ["now"]]);
  expect(await (await fetch(`${bridge.url}/health/sentry`)).json()).toMatchObject({
    status: "degraded",
    projects: [
      { name: "limited", status: "degraded", lastAccepted: null, lastProblem: 429 },
      { name: "well", status: "ok", limitedUntil: null, lastProblem: null },
    ],
  });
  await until(async () => (await send(bridge.url, "/v1/traces", body)).status === 200);
  expect([messages(limited), messages(well)]).toEqual([["later"], ["now"]]);
  expect(await (await fetch(`${bridge.url}/health/sentry`)).json()).toMatchObject({ status: "ok" });
});

test("a limit of what is no error is none, and an accepted event may bring one", async () => {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0 });
  const sent = async (message: string) =>
    (await send(bridge.url, "/v1/traces", traces(failed(message)))).status;
  server.answer(200, { "x-sentry-rate-limits": "60:transaction:key" });
  expect([await sent("a"), await sent("b")]).toEqual([200, 200]);
  server.answer(200, { "x-sentry-rate-limits": "60::organization" });
  expect([await sent("c"), await sent("d")]).toEqual([200, 429]);
  expect(messages(server)).toEqual(["a", "b", "c"]);
});

test("what can be no issue is set aside with its reason, redacted, and what is beside it arrives", async () => {
  await using server = await sentryServer();
  server.answer((body) => (body.includes("refuse me") ? 400 : 200));
  const setAside = join(folder, "set-aside");
  const projects = [project("pay", server.dsn, ["pay"])];
  await using bridge = await createErrorBridge({ projects, setAside, port: 0 });
  const body = JSON.parse(
    tracesOf({
      pay: [failed("refuse me, 4111111111111111"), failed("fine")],
      nobody: [failed("of no project")],
    }),
  ) as { resourceSpans: { scopeSpans: unknown }[] };
  body.resourceSpans.push({ scopeSpans: [{ spans: [{ status: { code: 2 }, events: 7 }] }] });
  const response = await send(bridge.url, "/v1/traces", JSON.stringify(body));
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { partialSuccess: { rejectedSpans: "3" } },
  ]);
  expect(messages(server)).toEqual(["fine"]);
  const [file = ""] = readdirSync(setAside);
  const text = readFileSync(join(setAside, file), "utf8");
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ reason, project: name, status }) => [reason, name, status])).toEqual([
    ["unreadable", undefined, undefined],
    ["no_project", undefined, undefined],
    ["refused", "pay", 400],
  ]);
  expect(lines[2]?.["envelope"]).toContain("refuse me, 411111******1111");
  expect(text).not.toContain("4111111111111111");
  expect(statSync(join(setAside, file)).mode & 0o077).toBe(0);
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  const counted = [...metrics.matchAll(/^assay_bridge_events_total\{(.+?)\} ([1-9]\d*)$/gm)].map(
    ([, labels = "", value]) => [
      ...[...labels.matchAll(/assay_bridge_\w+="(\w+)"/g)].map(([, label]) => label),
      value,
    ],
  );
  expect(counted.map(String).toSorted()).toEqual([
    "no_project,1",
    "pay,accepted,1",
    "pay,refused,1",
    "unreadable,1",
  ]);
});

test("every result of every project is at zero before the first error", async () => {
  const projects = [project("a", "https://key@sentry.example/1", ["a"])];
  await using bridge = await createErrorBridge({ projects, port: 0 });
  const metrics = await (await fetch(`${bridge.url}/metrics`)).text();
  expect(metrics.match(/^assay_bridge_events_total\{.+\} 0$/gm)).toHaveLength(9);
  expect(metrics).toMatch(/^assay_bridge_limited\{.*assay_bridge_project="a".*\} 0$/m);
  expect(metrics).toMatch(/^assay_bridge_held_bytes(\{.*\})? 0$/m);
});

test("a bridge that closes answers what is under way, and takes no more", async () => {
  await using server = await sentryServer();
  const bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 500 });
  const handler = fetch(`${bridge.url}/healthz`);
  expect((await handler).status).toBe(200);
  // A failed span without an exception waits, so that the request is under way when the bridge is closed.
  const underWay = send(bridge.url, "/v1/traces", traces({ spanId: "00f067aa0ba902b7" }));
  await until(async () => {
    const health = await (await fetch(`${bridge.url}/health/sentry`)).json();
    return (health as { heldBytes: number }).heldBytes > 0;
  });
  await bridge.close();
  expect((await underWay).status).toBe(200);
  expect(server.events()).toHaveLength(1);
  await expect(fetch(`${bridge.url}/healthz`)).rejects.toThrow("fetch failed");
});

test("the handler is mounted in a server of one's own, and answers 503 once it is closed", async () => {
  await using sentry = await sentryServer();
  const handler = createBridgeHandler({ projects: [project("pay", sentry.dsn)] });
  const server = createServer((request, response) => handler.handle(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect((await send(url, "/v1/traces", traces(failed("a")))).status).toBe(200);
  await handler.close();
  const late = await send(url, "/v1/traces", traces(failed("b")));
  expect([late.status, late.headers.get("retry-after")]).toEqual([503, "1"]);
  expect(messages(sentry)).toEqual(["a"]);
  server.closeAllConnections();
  server.close();
});

test.each([
  ["{", "which is not JSON"],
  ["[]", 'which has no list "projects" with an entry in it'],
  ['{"projects": []}', 'which has no list "projects" with an entry in it'],
  ['{"projects": [{"name": "a b"}]}', "in which projects[0].name is not 1 to 64 letters"],
  ['{"projects": [{"name": "a"}]}', "in which projects[0].dsnFile is not a path"],
  ['{"projects": [{"name": "a", "dsn": "x"}]}', 'in which projects[0] has "dsn"'],
  ['{"projects": [{"name": "a", "dsnFile": "DSN", "services": "b"}]}', "is not a list"],
  ['{"projects": [{"name": "a", "dsnFile": "/none"}]}', 'is "/none", which cannot be read'],
  [
    '{"projects": [{"name": "a", "dsnFile": "DSN"}, {"name": "b", "dsnFile": "DSN"}]}',
    'more than one project has no "services"',
  ],
  [
    '{"projects": [{"name": "a", "dsnFile": "DSN"}, {"name": "a", "dsnFile": "DSN", "services": ["s"]}]}',
    'two projects are named "a"',
  ],
  [
    '{"projects": [{"name": "a", "dsnFile": "DSN", "services": ["s", "s"]}]}',
    'the service "s" stands twice',
  ],
])("the file %s is refused in one sentence", (content, found) => {
  const dsnFile = join(folder, "dsn");
  writeFileSync(dsnFile, "https://key@sentry.example/1\n");
  const file = join(folder, "projects.json");
  writeFileSync(file, content.replaceAll("DSN", dsnFile));
  expect(() => readProjects(file, "ASSAY_BRIDGE_PROJECTS_FILE")).toThrow(found);
  expect(() => readProjects(file, "ASSAY_BRIDGE_PROJECTS_FILE")).toThrow(
    /^ASSAY_BRIDGE_PROJECTS_FILE is ".+projects\.json", .+; write \{"projects"/,
  );
});

test("a DSN that is none is told by its file, without the key", () => {
  const dsnFile = join(folder, "wrong-dsn");
  writeFileSync(dsnFile, "https://secretkey@sentry.example/");
  const file = join(folder, "projects.json");
  writeFileSync(file, JSON.stringify({ projects: [{ name: "a", dsnFile }] }));
  expect(() => readProjects(file, "ASSAY_BRIDGE_PROJECTS_FILE")).toThrow(
    `${dsnFile} is "https://***@sentry.example/", which cannot be used; write https://PUBLIC_KEY@HOST/PROJECT_ID`,
  );
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await isTrue()) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  throw new Error("It did not become true.");
}
