import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { compile, tables } from "../scripts/build-engine.mts";

const read = (file: string): Promise<string> =>
  readFile(new URL(`../${file}`, import.meta.url), "utf8");

test("the tables of the engine are those that the rules and the registry give", async () => {
  const stale: string[] = [];
  for (const [file, text] of await tables())
    if ((await read(`engine/generated/${file}`)) !== text) stale.push(file);
  expect(stale).toEqual([]);
});

test("both hosts have the engine that is in the sources", async () => {
  const bytes = await compile("engine/index.ts", ".assay/compared.wasm");
  expect((await read("src/generated/engine.ts")).includes(bytes.toString("base64"))).toBe(true);
  const collector = new URL(
    "../../../collector/distribution/redaction/engine.wasm",
    import.meta.url,
  );
  expect((await readFile(collector)).equals(bytes)).toBe(true);
}, 60_000);
