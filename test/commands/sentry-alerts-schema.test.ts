import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { alerts } from "./sentry-alerts-command.ts";

// `@sentry/api` is generated from the OpenAPI document that Sentry publishes. It names keys in snake case and says that
// they are passed in camel case. It types the inner lists as unknown; what they hold stands in its examples.

const { resolve } = createRequire(import.meta.url);
const TYPES = join(dirname(findPackageJSON("@sentry/api", import.meta.url)!), "dist");
const TSC = join(dirname(resolve("typescript/package.json")), "bin/tsc");
const folder = mkdtempSync(join(tmpdir(), "assay-alerts-types-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Payload = Record<string, unknown>;
const pairs = await payloads();

const TYPED = {
  monitor: ["CreateAMonitorForAProjectData", "UpdateAMonitorByIdData"],
  alert: ["CreateAnAlertForAnOrganizationData", "UpdateAnAlertByIdData"],
} as const;

test("every payload is of the published types, to create and to update", async () => {
  const checked = pairs.flatMap(({ monitor, alert }) => [
    ...TYPED.monitor.map((type): [string, Payload] => [type, monitor]),
    ...TYPED.alert.map((type): [string, Payload] => [type, alert]),
  ]);
  expect(await complaints(checked)).toEqual([]);
});

test.each([
  ["a key that the API does not know", { frequency: 5 }, "TS2353"],
  ["a missing name", { name: undefined }, "TS2741"],
  ["a logic that there is not", { triggers: { logicType: "both" } }, "TS2322"],
  ["an environment that is a number", { environment: 5 }, "TS2322"],
])("the published types refuse %s", async (_what, broken, code) => {
  const { alert } = pairs[0]!;
  const found = await complaints([["CreateAnAlertForAnOrganizationData", { ...alert, ...broken }]]);
  expect(found).toEqual([code]);
});

test("what an alert does has the keys and kinds of the published examples", () => {
  const actions = pairs.flatMap(({ alert }) =>
    (alert["actionFilters"] as { actions: Payload[] }[]).flatMap((filter) => filter.actions),
  );
  const examples = examplesOf("CreateAnAlertForAnOrganizationData");
  const known = (["email", "slack", "pagerduty"] as const).map((type): [string, unknown] => [
    type,
    shapeOf(examples.find((example) => example["type"] === type && "config" in example)),
  ]);
  expect([...new Set(actions.map(({ type }) => type))].toSorted()).toEqual(
    known.map(([type]) => type).toSorted(),
  );
  for (const action of actions) {
    expect([action["type"], shapeOf(action)]).toEqual(
      known.find(([type]) => type === action["type"]),
    );
  }
});

test("what a monitor measures has the keys of the published examples", () => {
  const examples = examplesOf("CreateAMonitorForAProjectData");
  for (const { monitor } of pairs) {
    const [source] = monitor["dataSources"] as Payload[];
    const example = examples.find(
      (one) => one["aggregate"] === source!["aggregate"] && one["dataset"] === source!["dataset"],
    );
    // The extrapolation mode is for sampled spans; Sentry has a default.
    const { extrapolationMode: _, ...wanted } = example!;
    expect(Object.keys(source!).toSorted()).toEqual(Object.keys(wanted).toSorted());
    expect([source!["eventTypes"], source!["queryType"]]).toEqual([
      wanted["eventTypes"],
      wanted["queryType"],
    ]);
  }
});

async function payloads(): Promise<{ monitor: Payload; alert: Payload }[]> {
  await using it = await alerts();
  const { stdout } = await it.run("payloads");
  return JSON.parse(stdout) as { monitor: Payload; alert: Payload }[];
}

/** The codes of what the compiler complains of. */
async function complaints(values: readonly [type: string, body: Payload][]): Promise<string[]> {
  const file = join(folder, "payloads.ts");
  const lines = values.map(
    ([type, body], index) =>
      `export const body${index}: Api.${type}["body"] = ${JSON.stringify(snake(body))};`,
  );
  writeFileSync(file, [`import type * as Api from "@sentry/api";`, ...lines].join("\n"));
  const config = {
    compilerOptions: {
      noEmit: true,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      module: "esnext",
      moduleResolution: "bundler",
      types: [],
      paths: { "@sentry/api": [join(TYPES, "index.d.ts")] },
    },
    files: ["payloads.ts"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const { stdout } = await promisify(execFile)(process.execPath, [TSC, "-p", folder]).catch(
    (error: { stdout: string }) => error,
  );
  return [...stdout.matchAll(/error (TS\d+)/g)].map(([, code]) => code!);
}

function snake(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snake);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snake(inner),
    ]),
  );
}

/** The objects in the examples of a type's comments. */
function examplesOf(type: string): Payload[] {
  const text = readFileSync(join(TYPES, "types.gen.d.ts"), "utf8");
  const declared = text.slice(text.indexOf(`export type ${type} =`));
  const comments = declared.slice(0, declared.indexOf("\nexport type ", 1));
  return [...comments.matchAll(/```json\n([\s\S]*?)```/g)].flatMap(([, block]) => {
    const json = block!
      .replaceAll(/^\s*\* ?/gm, "")
      // The examples are written by people: a comma too many, or one too few.
      .replaceAll(/,(?=\s*[\]}])/g, "")
      .replaceAll(/(\])(\s*\n\s*")/g, "$1,$2");
    return objectsIn(json);
  });
}

function objectsIn(json: string): Payload[] {
  for (const text of [json, `[${json}]`, `[${json.trimEnd().replace(/,$/, "")}]`]) {
    try {
      return [JSON.parse(text) as Payload | Payload[] | Payload[][]].flat(2);
    } catch {
      continue;
    }
  }
  return [];
}

/** An object's keys and the kinds of its values; what stands in `data` is a choice. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return "text";
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]): [string, unknown] => [key, key === "data" ? "data" : shapeOf(inner)])
      .toSorted(([one], [other]) => (one < other ? -1 : 1)),
  );
}
