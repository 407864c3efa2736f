import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import * as attributes from "@assay/semconv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { backendPath, type ProgramName, ROOT } from "../../scripts/backends.mjs";
import { startAlertmanager } from "../support/alertmanager.ts";

const run = promisify(execFile);
const folder = join(ROOT, "collector");

interface Configuration {
  processors: Record<string, unknown>;
  service: { pipelines: Record<string, { processors?: string[] }> };
}

async function parsed(file: string): Promise<Configuration> {
  return parse(await readFile(join(folder, file), "utf8")) as Configuration;
}

/** The configuration without the processors that are the second net, wherever they are named. */
function withoutNet({ processors, service, ...rest }: Configuration): object {
  const isNet = (name: string): boolean => /redaction|^transform\//.test(name);
  const pipelines = Object.entries(service.pipelines).map(
    ([name, { processors: steps = [], ...pipeline }]) =>
      [name, { ...pipeline, processors: steps.filter((step) => !isNet(step)) }] as const,
  );
  const others = Object.entries(processors).filter(([name]) => !isNet(name));
  return { ...rest, processors: others, service: { ...service, pipelines } };
}

describe("the committed configurations", () => {
  const cases: [ProgramName, string[]][] = [
    ["collector", ["validate", "--config", "single.yaml"]],
    ["collector", ["validate", "--config", "contrib.yaml"]],
    ["jaeger", ["validate", "--config", "jaeger.yaml"]],
    ["promtool", ["check", "config", "prometheus.yaml"]],
    ["amtool", ["check-config", "alertmanager.yaml"]],
  ];
  test.each(cases)("%s accepts its own: %j", async (program, args) => {
    await expect(run(backendPath(program), args, { cwd: folder })).resolves.toBeDefined();
  });

  test("the Collector refuses a pattern that does not compile, so validation means something", async () => {
    const broken = (await readFile(join(folder, "contrib.yaml"), "utf8")).replace("'%?B", "'(%?B");
    const validation = run(backendPath("collector"), ["validate", "--config", `yaml:${broken}`]);
    await expect(validation).rejects.toThrow(/single|error/i);
  });

  test("the file for the upstream image differs from ours in the second net alone", async () => {
    const [ours, contribs] = await Promise.all(
      ["single.yaml", "contrib.yaml"].map(async (file) => withoutNet(await parsed(file))),
    );
    expect(contribs).toEqual(ours);
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
