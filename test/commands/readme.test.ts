import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";

const FOLDER = dirname(createRequire(import.meta.url).resolve("@assay/redaction/package.json"));
const README = readFileSync(join(FOLDER, "README.md"), "utf8");

test("the commands of @assay/redaction's README make a key, print its pseudonym and write a SARIF", async () => {
  await using folder = await temporaryFolder("redaction-readme");
  writeFileSync(join(folder.path, "app.log"), "paid by j@ex.io\n");
  const [, block = ""] = /^```sh\n([\s\S]*?)^```$/m.exec(README) ?? [];
  // The names that npm gives to the commands of an installed package.
  const script = block.replaceAll(
    /\bassay-(scan|token)\b/g,
    (_, name) => `"${process.execPath}" "${join(FOLDER, "dist", `${name}-cli.js`)}"`,
  );
  // assay-scan's exit with 1 is its finding.
  const printed = execFileSync("sh", ["-c", `${script}\ntest $? -eq 1`], {
    cwd: folder.path,
    encoding: "utf8",
  });
  expect(printed).toMatch(/^(k1 p1\.k1\.[a-z2-7]{26}\n)\1$/);
  const log = JSON.parse(readFileSync(join(folder.path, "findings.sarif"), "utf8")) as {
    runs: { results: { ruleId: string }[] }[];
  };
  expect(log.runs[0]?.results.map(({ ruleId }) => ruleId)).toEqual(["email"]);
});
