import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { runApplication, startApplication } from "./application.ts";

const LINE = /^ASSAY_START: .*\.$/m;
const env = {
  ASSAY_START_LINE: "true",
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://user:hunter2@127.0.0.1:9/otlp",
  OTEL_METRICS_EXPORTER: "none",
};

// A package for which Assay has no instrumentation, that does nothing.
async function packageCalled(name: string, folder: string): Promise<string> {
  const path = join(folder, "node_modules", name);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "index.js"), "exports.loaded = true;\n");
  return join(path, "index.js");
}

test.each(["loads.cjs", "loads.mjs"])(
  "one line says what %s has instrumented, what not, and where its telemetry goes",
  async (file) => {
    await using folder = await temporaryFolder("start-line");
    const nats = await packageCalled("nats", folder.path);
    const keys = join(folder.path, "keys");
    await writeFile(keys, `2026a=${Buffer.alloc(32, 7).toString("base64")}\n`);
    await using application = await startApplication({
      file,
      args: ["express", "pg", nats],
      env: { ...env, OTEL_NODE_DISABLED_INSTRUMENTATIONS: "pg", ASSAY_PSEUDONYM_KEYS_FILE: keys },
      ready: LINE,
    });
    expect(LINE.exec(application.output("stderr"))?.[0]).toBe(
      "ASSAY_START: instrumented: express, http, runtime-node, undici; seen, not instrumented: nats, pg, pg-pool; traces to http://127.0.0.1:9; metrics to nobody; logs to http://127.0.0.1:9; redaction on; pseudonym keys: 2026a.",
    );
  },
);

test("what was loaded before Assay is in the line", async () => {
  await using application = await startApplication({
    file: "loads.cjs",
    env: { ...env, NODE_OPTIONS: `--require ${require.resolve("express")}` },
    ready: LINE,
  });
  expect(application.output("stderr")).toMatch(/loaded before Assay, not instrumented: express;/);
});

test.each([
  ["false", ""],
  ["no", 'ASSAY_CONFIG: ASSAY_START_LINE is "no"; use true or false. Assay uses true.\n'],
])("%s is silent in a process that ends at once, but for what is wrong", async (value, told) => {
  const { stderr } = await runApplication({
    file: "metrics.cjs",
    args: ["1"],
    env: { ...env, OTEL_TRACES_EXPORTER: "none", ASSAY_START_LINE: value },
  });
  expect(stderr).toBe(told);
});

test("false leaves the line out of a process that lives on", async () => {
  const { stdout, stderr } = await runApplication({
    file: "lives.cjs",
    env: { ...env, ASSAY_START_LINE: "false" },
  });
  expect({ stdout, stderr }).toEqual({ stdout: "lived for three seconds\n", stderr: "" });
});
