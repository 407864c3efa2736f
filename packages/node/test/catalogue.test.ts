import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { CATALOGUE } from "../src/catalogue.ts";
import { packageOf } from "../src/package-of.ts";

interface Upstream {
  name: string;
  exported: string;
  modules: string[];
}

// In a process of its own: what it makes hooks require.
const PRINT = `
  const { getNodeAutoInstrumentations } = require("@opentelemetry/auto-instrumentations-node");
  const made = getNodeAutoInstrumentations().map((one) => ({
    name: one.instrumentationName,
    exported: one.constructor.name,
    modules: (one.getModuleDefinitions?.() ?? []).flatMap(({ name, files }) => [
      name,
      ...files.map((file) => file.name),
    ]),
  }));
  process.stdout.write(JSON.stringify(made), () => process.exit());
`;
const PREFIX = "@opentelemetry/instrumentation-";

function upstream(): Upstream[] {
  const env = {
    ...process.env,
    OTEL_NODE_ENABLED_INSTRUMENTATIONS: Object.keys(CATALOGUE).join(","),
  };
  const options = { cwd: __dirname, encoding: "utf8", env } as const;
  return JSON.parse(execFileSync(process.execPath, ["--eval", PRINT], options)) as Upstream[];
}

test("the names of instrumentations are those of the packages that upstream brings", () => {
  const main = require.resolve("@opentelemetry/auto-instrumentations-node");
  const { dependencies } = JSON.parse(
    readFileSync(join(dirname(main), "../package.json"), "utf8"),
  ) as { dependencies: Record<string, string> };
  const names = Object.keys(dependencies).filter((name) => name.startsWith(PREFIX));
  expect(Object.keys(CATALOGUE)).toEqual(names.map((name) => name.slice(PREFIX.length)));
});

test("every instrumentation has the class and the targets that upstream's own definitions name", () => {
  const expected = upstream().map(({ name, exported, modules }) => [
    name.slice(PREFIX.length),
    { exported, targets: [...new Set(modules.map((module) => packageOf(module)))].toSorted() },
  ]);
  const sorted = Object.entries(CATALOGUE).map(([name, { exported, targets }]) => [
    name,
    { exported, targets: targets.toSorted() },
  ]);
  expect(Object.fromEntries(sorted)).toEqual(Object.fromEntries(expected));
});

test("each is a development dependency, so that the build makes a file of it", () => {
  const { devDependencies } = JSON.parse(
    readFileSync(join(__dirname, "../package.json"), "utf8"),
  ) as { devDependencies: Record<string, string> };
  const bundled = Object.keys(devDependencies).filter((name) => name.startsWith(PREFIX));
  expect(bundled.map((name) => name.slice(PREFIX.length))).toEqual(Object.keys(CATALOGUE));
});
