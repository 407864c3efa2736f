import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { INSTRUMENTATION_NAMES } from "../src/instrumentation-names.ts";

test("the names of instrumentations are those of the packages that upstream brings", () => {
  const main = require.resolve("@opentelemetry/auto-instrumentations-node");
  const { dependencies } = JSON.parse(
    readFileSync(join(dirname(main), "../package.json"), "utf8"),
  ) as { dependencies: Record<string, string> };
  const prefix = "@opentelemetry/instrumentation-";
  const upstream = Object.keys(dependencies).filter((name) => name.startsWith(prefix));
  expect(INSTRUMENTATION_NAMES).toEqual(upstream.map((name) => name.slice(prefix.length)));
});
