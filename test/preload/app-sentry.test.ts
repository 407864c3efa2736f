import { cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { sentryServer } from "../../packages/sentry/test/sentry-server.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/folder.ts";
import { spawnService } from "../support/process.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const { resolve } = createRequire(import.meta.url);

const cells = ["app-sentry.cjs", "app-sentry.mjs"].flatMap((file) =>
  ["shared", "own"].flatMap((copy) =>
    ["unset", "set"].map((dsn) => [file, copy as "shared" | "own", dsn] as const),
  ),
);

test.each(cells)(
  "%s with its %s copy of @sentry/core and SENTRY_DSN %s sends its error, without the card number",
  async (file, copy, dsn) => {
    await using app = await sentryServer();
    await using ours = await sentryServer();
    await using folder = await temporaryFolder("app-sentry");
    const path = copy === "shared" ? join(FIXTURES, file) : await withCopy(folder, file);
    const env = dsn === "set" ? { SENTRY_DSN: ours.dsn } : {};
    const { code, output } = await run(path, app.dsn, env);
    expect({ code, output }).toEqual({ code: 0, output: "" });
    const messages = [app, ours].map((server) =>
      server.events().map((event) => event.exception?.values?.at(-1)?.value),
    );
    const message = expect.stringMatching(/^the application's own: card /);
    expect(messages).toEqual([[message], dsn === "set" ? [message] : []]);
    expect([...app.bodies, ...ours.bodies].join("\n")).not.toContain("4111111111111111");
  },
);

test("a copy whose clients send in a way that is not known sends nothing, and one sentence says so", async () => {
  await using folder = await temporaryFolder("app-sentry");
  const path = await withUnknown(
    folder,
    `exports.Client = class Client {
      captureException(error) { this.sendEvent(error); }
      sendEvent(error) { console.log("sent", error.message); }
    };`,
  );
  expect(await run(path, "")).toEqual({
    code: 0,
    output:
      "ASSAY_SENTRY: the application's @sentry/core 12.0.0-beta.1 cannot be put behind the gate, so it sends nothing; use a version from 7 to 11.\n",
  });
});

test("a copy without a class of clients is told of, as nothing can stop it", async () => {
  await using folder = await temporaryFolder("app-sentry");
  const path = await withUnknown(folder, "exports.Client = { captureException() {} };");
  expect(await run(path, "")).toEqual({
    code: 0,
    output:
      "ASSAY_SENTRY: the application's @sentry/core 12.0.0-beta.1 cannot be put behind the gate, so it may send what is not redacted; use a version from 7 to 11.\n",
  });
});

test("an application without Sentry loads nothing of it", async () => {
  await using folder = await temporaryFolder("app-sentry");
  const path = join(folder.path, "app.cjs");
  await writeFile(
    path,
    "console.log(Object.keys(require.cache).filter((file) => /[\\\\/](@sentry|packages[\\\\/]sentry)[\\\\/]/.test(file)));",
  );
  expect(await run(path, "")).toEqual({ code: 0, output: "[]\n" });
});

async function run(path: string, dsn: string, env: Record<string, string> = {}) {
  await using application = await spawnService({
    name: path,
    command: process.execPath,
    args: ["--require", "@assay/node/register", path, dsn],
    cwd: import.meta.dirname,
    env: {
      OTEL_SERVICE_NAME: "fixture",
      OTEL_TRACES_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      // The line comes when a process lives for a second, which depends on the machine.
      ASSAY_START_LINE: "false",
      ...env,
    },
  });
  const { code } = await application.exited;
  return { code, output: application.output() };
}

/** Gives the fixture's path in a folder that has a copy of @sentry/core of its own. */
async function withCopy({ path }: TemporaryFolder, file: string): Promise<string> {
  const sentry = dirname(dirname(resolve("@sentry/core/package.json")));
  const modules = join(path, "node_modules");
  await cp(sentry, join(modules, "@sentry"), {
    recursive: true,
    filter: (source) => !/\.(map|ts)$/.test(source),
  });
  await symlink(join(sentry, "../@opentelemetry"), join(modules, "@opentelemetry"));
  await cp(join(FIXTURES, file), join(path, file));
  return join(path, file);
}

/** Gives the path of an application that captures one error with a @sentry/core of another shape. */
async function withUnknown({ path }: TemporaryFolder, core: string): Promise<string> {
  const folder = join(path, "node_modules/@sentry/core");
  const manifest = { name: "@sentry/core", version: "12.0.0-beta.1", main: "index.js" };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.js"), core);
  const file = join(path, "app.cjs");
  await writeFile(
    file,
    `const { Client } = require("@sentry/core");
    const client = typeof Client === "function" ? new Client() : Client;
    client.captureException(new Error("card 4111111111111111"));`,
  );
  return file;
}
