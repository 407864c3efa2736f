import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as attributes from "@assay/semconv";
import { describe, expect, test } from "vitest";
import { backendPath, type ProgramName, ROOT } from "../../scripts/backends.mjs";
import { startAlertmanager } from "../support/alertmanager.ts";

const run = promisify(execFile);
const folder = join(ROOT, "collector");

describe("the committed configurations", () => {
  const cases: [ProgramName, string[]][] = [
    ["collector", ["validate", "--config", "single.yaml"]],
    ["jaeger", ["validate", "--config", "jaeger.yaml"]],
    ["promtool", ["check", "config", "prometheus.yaml"]],
    ["amtool", ["check-config", "alertmanager.yaml"]],
  ];
  test.each(cases)("%s accepts its own: %j", async (program, args) => {
    await expect(run(backendPath(program), args, { cwd: folder })).resolves.toBeDefined();
  });

  test("the Collector refuses a pattern that does not compile, so validation means something", async () => {
    const broken = (await readFile(join(folder, "single.yaml"), "utf8")).replace("'%?B", "'(%?B");
    const validation = run(backendPath("collector"), ["validate", "--config", `yaml:${broken}`]);
    await expect(validation).rejects.toThrow(/single|error/i);
  });

  test("span metrics have only dimensions that are named in the registry or in OpenTelemetry", async () => {
    const text = await readFile(join(folder, "single.yaml"), "utf8");
    const names = [...text.matchAll(/^ {6}- name: (\S+)$/gm)].map((match) => match[1]);
    const known = new Set<unknown>(Object.values(attributes));
    expect(
      names.filter((name) => name?.startsWith("finance.") === true && !known.has(name)),
    ).toEqual([]);
    expect(names).toHaveLength(4);
  });
});

test("Alertmanager starts with the committed configuration and is ready", async () => {
  await using alertmanager = await startAlertmanager();
  const status = (await (await fetch(`${alertmanager.url}/api/v2/status`)).json()) as {
    config: { original: string };
  };
  expect(status.config.original).toContain("receiver: nobody");
});
