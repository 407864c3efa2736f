import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

// An instrumentation loads when its module is first loaded, whoever does that and how.

const { resolve } = createRequire(import.meta.url);
const WAYS = {
  "ways.cjs": [
    "require",
    "require with node:",
    "require after https",
    "require after another instrumented module",
    "createRequire",
    "getBuiltinModule",
    "getBuiltinModule with node:",
    "dynamic import",
    "dynamic import, by default",
    "dynamic import after require",
    "require after dynamic import",
    "require after fetch",
    "require after an export of ours",
  ],
  "ways.mjs": [
    "dynamic import",
    "createRequire",
    "getBuiltinModule",
    "import after createRequire",
    "createRequire after import",
  ],
};
const cells = Object.entries(WAYS).flatMap(([file, ways]) =>
  ways.flatMap((way) =>
    (["--require", "--import"] as const).map((flag) => [file, way, flag] as const),
  ),
);

test.each(cells)(
  "%s, http by %s, under %s: one server and one client span",
  async (file, way, flag) => {
    await using receiver = await startOtlpReceiver();
    const { code, output } = await runApplication({
      file,
      flag,
      args: [way],
      env: {
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_METRICS_EXPORTER: "none",
        OTEL_BSP_SCHEDULE_DELAY: "50",
      },
    });
    const kinds = receiver
      .spans()
      .filter(({ attributes }) => attributes["server.port"] !== 1) // where nobody is
      .map(({ kind }) => kind)
      .filter((kind) => kind > 1);
    expect({ code, output, kinds: kinds.toSorted() }).toEqual({
      code: 0,
      output: "",
      kinds: [2, 3],
    });
  },
);

test("the first request by fetch has a span like the second, and carries its context", async () => {
  await using receiver = await startOtlpReceiver();
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers["traceparent"]);
    response.end("ok");
  });
  await new Promise<void>((done) => {
    server.listen(0, "127.0.0.1", done);
  });
  const { port } = server.address() as AddressInfo;
  const { code } = await runApplication({
    file: "fetches.mjs",
    args: [`http://127.0.0.1:${port}`],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
  });
  server.close();
  const spans = receiver.spans().map(({ kind, attributes, traceId, spanId }) => ({
    kind,
    path: attributes["url.path"],
    traceparent: `00-${traceId}-${spanId}-01`,
  }));
  expect({ code, spans }).toEqual({
    code: 0,
    spans: ["/first", "/second"].map((path, at) => ({ kind: 3, path, traceparent: seen[at] })),
  });
});

test("a package that is required by a subpath import is instrumented", async () => {
  await using receiver = await startOtlpReceiver();
  await using folder = await temporaryFolder("subpath");
  const manifest = { imports: { "#web": "express" } };
  await mkdir(join(folder.path, "node_modules"));
  await symlink(
    dirname(resolve("express/package.json")),
    join(folder.path, "node_modules/express"),
  );
  await writeFile(join(folder.path, "package.json"), JSON.stringify(manifest));
  const file = join(folder.path, "app.cjs");
  await writeFile(
    file,
    `const app = require("#web")();
    app.get("/a/:id", (_request, response) => response.send("ok"));
    const server = app.listen(0, "127.0.0.1", async () => {
      await (await fetch("http://127.0.0.1:" + server.address().port + "/a/1")).text();
      server.close();
    });`,
  );
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" };
  await runApplication({ file, env });
  const server = receiver.spans().filter(({ kind }) => kind === 2);
  expect(server.map(({ name }) => name)).toEqual(["GET /a/:id"]);
});

test.each([
  [{ OTEL_NODE_DISABLED_INSTRUMENTATIONS: "http" }, []],
  [{ OTEL_NODE_ENABLED_INSTRUMENTATIONS: "pg,express" }, []],
  [
    { OTEL_NODE_ENABLED_INSTRUMENTATIONS: "http,pg", OTEL_NODE_DISABLED_INSTRUMENTATIONS: "pg" },
    [2, 3],
  ],
  // A noisy one, asked for by name: a span of each connection.
  [{ OTEL_NODE_ENABLED_INSTRUMENTATIONS: "net" }, [1]],
])("%j leaves spans of kinds %j", async (names, expected) => {
  await using receiver = await startOtlpReceiver();
  const { code, output } = await runApplication({
    file: "ways.cjs",
    args: ["require"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none", ...names },
  });
  const kinds = [...new Set(receiver.spans().map(({ kind }) => kind))].toSorted();
  expect({ code, output, kinds }).toEqual({ code: 0, output: "", kinds: expected });
});
