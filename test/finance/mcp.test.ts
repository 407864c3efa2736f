import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { type OtlpReceiver, type Span, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { type Service, spawnService } from "../support/process.ts";

const DURATION = "mcp.server.operation.duration";

async function start(receiver: OtlpReceiver, args: string[], env = {}): Promise<Service> {
  const isServer = args[0] === "mcp-http.mjs";
  return spawnService({
    name: args.join(" "),
    command: process.execPath,
    args: ["--require", "@assay/node/register", ...args],
    cwd: import.meta.dirname,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: "50",
      ASSAY_START_LINE: "false",
      ...env,
    },
    ...(isServer && { ready: /listening at/ }),
  });
}

/** What a span says: its name, what it is below, and how it ended. */
function told(span: Span, all: Span[]): object {
  const { "error.type": error, "rpc.response.status_code": code } = span.attributes;
  return {
    name: span.name,
    kind: span.kind,
    below: all.find(({ spanId }) => spanId === span.parentSpanId)?.name,
    ...(error !== undefined && { error, status: span.status.code }),
    ...(code !== undefined && { code }),
    ...(span.events.length > 0 && { events: span.events.map(({ name }) => name) }),
  };
}

/** What was in arguments, results and URIs, and was sent all the same. */
function leaks(receiver: OtlpReceiver): string[] {
  const sent = JSON.stringify(receiver.requests.map(({ body }) => body));
  const canaries = /canary-of-(?:an-argument|a-result|a-uri)|254712345678|order-77-canary/g;
  return sent.match(canaries) ?? [];
}

const answered = (name: string, below: string, more = {}) => ({ name, kind: 2, below, ...more });
const toolError = { error: "tool_error", status: 2 };

test.each([
  ["2", "first"],
  ["2", "declared"],
  ["2", "late"],
  ["1", "first"],
  ["1", "declared"],
  ["1", "late"],
])(
  "with version %s, instrumented %s, a request is below the agent's span and says how it ended",
  async (version, order) => {
    await using receiver = await startOtlpReceiver();
    await using app = await start(receiver, ["mcp-memory.mjs", version, order]);
    const exit = await app.exited;
    expect({ ...exit, stderr: app.output("stderr") }).toEqual({
      code: 0,
      signal: null,
      stderr: "",
    });

    const spans = receiver.spans();
    const served = spans.filter(({ kind }) => kind === 2);
    const refused = { ...toolError, events: ["finance.security.violation"] };
    const protocolError = { error: "-32602", status: 2, code: "-32602" };
    const isProtocolError = version === "2" ? protocolError : toolError;
    expect(served.map((span) => told(span, spans)).toSorted(byText)).toEqual(
      [
        ...Array.from({ length: 20 }, (_, n) => answered("tools/call lookup", `agent ${n}`)),
        answered("tools/call stk_push", "agent stk_push", refused),
        answered("tools/call stk_push", "agent blank", refused),
        answered("tools/call stk_push", "agent keyed"),
        answered("tools/call stk_push", "agent meta"),
        answered("tools/call refuses", "agent refuses", toolError),
        answered("tools/call throws", "agent throws", { ...toolError, events: ["exception"] }),
        // Version 1 answers with a result, version 2 with an error.
        answered("tools/call", "agent unknown", isProtocolError),
        answered("tools/call lookup", "agent invalid", toolError),
        answered("resources/read", "agent resource"),
        answered("resources/read", "agent missing", protocolError),
        answered("prompts/get explain", "agent prompt"),
        // Its `_meta` was no trace.
        { name: "tools/call refuses", kind: 2, below: undefined, ...toolError },
      ].toSorted(byText),
    );
    // What a tool does is below its own call, though twenty run at once.
    const works = spans.filter(({ name }) => name.startsWith("work "));
    const chains = works.map((work) => {
      const call = spans.find(({ spanId }) => spanId === work.parentSpanId);
      return [work.name, spans.find(({ spanId }) => spanId === call?.parentSpanId)?.name];
    });
    expect(chains).toHaveLength(20);
    expect(chains.filter(([work, agent]) => agent !== work?.replace("work", "agent"))).toEqual([]);

    const keyed = served.find((span) => "finance.idempotency.key_hash" in span.attributes);
    expect(keyed?.attributes).toMatchObject({
      "mcp.method.name": "tools/call",
      "gen_ai.tool.name": "stk_push",
      "gen_ai.operation.name": "execute_tool",
      "jsonrpc.request.id": expect.stringMatching(/^\d+$/),
      ...(version === "2" && { "mcp.protocol.version": "2025-11-25" }),
    });

    const answers = JSON.parse(app.output("stdout"));
    expect(answers.keyed).toEqual({
      content: [{ type: "text", text: "canary-of-a-result 254712345678" }],
    });
    expect(answers.throws).toEqual({
      content: [{ type: "text", text: "the ledger is closed" }],
      isError: true,
    });
    expect(leaks(receiver)).toEqual([]);
  },
);

function byText(left: object, right: object): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}

test.each(["2", "1"])(
  "without an SDK version %s answers the same, also without a key",
  async (version) => {
    const answers = async (preload: string[]): Promise<string> => {
      await using app = await spawnService({
        name: "mcp-memory.mjs",
        command: process.execPath,
        args: [...preload, "mcp-memory.mjs", version, "first"],
        cwd: import.meta.dirname,
        env: {
          OTEL_TRACES_EXPORTER: "none",
          OTEL_METRICS_EXPORTER: "none",
          OTEL_LOGS_EXPORTER: "none",
        },
      });
      await app.exited;
      return app.output("stdout");
    };
    const bare = await answers([]);
    expect(JSON.parse(bare).keyless.isError).toBe(true);
    expect(await answers(["--require", "@assay/node/register"])).toBe(bare);
  },
);

test("durations know the server's own tools only, and each refused money call is counted", async () => {
  await using receiver = await startOtlpReceiver();
  await using app = await start(receiver, ["mcp-memory.mjs", "2", "first"]);
  await app.exited;
  const points = (metric: string) =>
    receiver
      .metrics()
      .filter(({ name }) => name === metric)
      .flatMap((each) => each.points);
  const counted = points(DURATION).map(({ attributes, count }) => {
    const { "gen_ai.tool.name": tool, "error.type": error = "" } = attributes;
    return [attributes["mcp.method.name"], tool, error, Number(count)].join(" ").trim();
  });
  expect(counted.toSorted()).toEqual([
    "prompts/get   1",
    "resources/read   1",
    "resources/read  -32602 1",
    "tools/call _OTHER -32602 1",
    "tools/call lookup  20",
    "tools/call lookup tool_error 1",
    "tools/call refuses tool_error 2",
    "tools/call stk_push  2",
    "tools/call stk_push tool_error 2",
    "tools/call throws tool_error 1",
  ]);
  const events = points("finance.security.events").map(({ attributes, value }) => ({
    ...attributes,
    value: Number(value),
  }));
  expect(events.filter(({ value }) => value > 0)).toEqual([
    {
      "finance.security.event.type": "missing_idempotency_key",
      "finance.security.severity": "medium",
      value: 2,
    },
  ]);
});

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test.each([
  [
    "continue",
    "trust",
    { isContinued: true, isBelow: "the agent's", links: ["the HTTP request's"] },
  ],
  [
    "continue",
    "distrust",
    { isContinued: false, isBelow: "the HTTP request's", links: ["the agent's"] },
  ],
  ["link", "trust", { isContinued: false, isBelow: "the HTTP request's", links: ["the agent's"] }],
  ["ignore", "trust", { isContinued: false, isBelow: "the HTTP request's", links: [] }],
])(
  "over streamable HTTP with ASSAY_INBOUND_TRACE=%s and %s a call is %j",
  async (mode, trust, expected) => {
    await using receiver = await startOtlpReceiver();
    const env = { ASSAY_INBOUND_TRACE: mode };
    await using app = await start(receiver, ["mcp-http.mjs", trust], env);
    const url = /listening at (\S+)/.exec(app.output())![1]!;
    const client = new Client({ name: "agent", version: "1.0.0" });
    await client.connect(new StreamableHTTPClientTransport(new URL(url)));
    const answer = await client.callTool({
      name: "stk_push",
      arguments: { phone: "254712345678", idempotencyKey: "order-77-canary" },
      _meta: { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: "vendor=1" },
    });
    expect(answer.isError).toBeUndefined();
    await client.close();
    const served = await receiver.waitForSpan(({ name }) => name === "tools/call stk_push");
    const http = await receiver.waitForSpan(
      ({ kind, spanId }) =>
        kind === 2 && [served.parentSpanId, served.links[0]?.spanId].includes(spanId),
    );
    const whose = (spanId = "") =>
      spanId === SPAN ? "the agent's" : spanId === http.spanId ? "the HTTP request's" : spanId;
    expect({
      isContinued: served.traceId === TRACE,
      isBelow: whose(served.parentSpanId),
      links: served.links.map(({ spanId }) => whose(spanId)),
    }).toEqual(expected);
    expect(served.attributes).toMatchObject({
      "network.transport": "tcp",
      "network.protocol.name": "http",
      "mcp.session.id": expect.any(String),
      "mcp.protocol.version": "2025-11-25",
    });
    await app.stop();
    expect(leaks(receiver)).toEqual([]);
  },
);

test("over the standard streams, calls with one idempotency key carry one keyed hash of it", async () => {
  await using receiver = await startOtlpReceiver();
  await using folder = await temporaryFolder("keys");
  const keys = join(folder.path, "keys");
  await writeFile(keys, `k1=${randomBytes(32).toString("base64")}`);
  const client = new Client({ name: "agent", version: "1.0.0" });
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: ["--require", "@assay/node/register", "mcp-stdio.mjs"],
    cwd: import.meta.dirname,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: "50",
      ASSAY_START_LINE: "false",
      ASSAY_PSEUDONYM_KEYS_FILE: keys,
    },
  });
  await client.connect(transport);
  for (const idempotencyKey of ["order-77-canary", "order-77-canary", "another-order"]) {
    const args = { phone: "254712345678", idempotencyKey };
    await client.callTool({ name: "stk_push", arguments: args });
  }
  await receiver.waitForSpan(({ attributes }) => attributes["jsonrpc.request.id"] === "3");
  await client.close();
  const calls = receiver.spans().filter(({ kind }) => kind === 2);
  const hashes = calls.map(({ attributes }) => attributes["finance.idempotency.key_hash"]);
  expect(hashes).toEqual(Array.from({ length: 3 }, () => expect.stringContaining("k1")));
  expect(new Set(hashes).size).toBe(2);
  expect(calls.map(({ attributes }) => attributes["network.transport"])).toEqual(
    Array.from({ length: 3 }, () => "pipe"),
  );
  expect(leaks(receiver)).toEqual([]);
});
