import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROOT } from "./temporary-root.ts";

const DIRECTIVE = /^ *\/\/ @ts-expect-error (.*)$/;
const SOURCE = readFileSync(join(__dirname, "types/refused.ts"), "utf8").split("\n");

/** The errors of the compiler by line, as `TS2322`, in the file without its directives. */
async function compileWithoutDirectives(): Promise<Map<number, string>> {
  // Inside the package, so that what it imports is found.
  const folder = join(__dirname, `../.vitest/types-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  try {
    const bare = SOURCE.map((line) => line.replace(DIRECTIVE, "//")).join("\n");
    writeFileSync(join(folder, "refused.ts"), bare);
    const options = {
      noEmit: true,
      rootDir: ROOT,
      isolatedDeclarations: false,
      declaration: false,
    };
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({
        extends: join(ROOT, "tsconfig.base.json"),
        compilerOptions: { ...options, declarationMap: false },
        files: ["refused.ts"],
      }),
    );
    const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
    const { stdout } = await promisify(execFile)(process.execPath, [tsc, "-p", folder], {
      cwd: folder,
    }).catch((error: { stdout: string }) => error);
    const errors = [...stdout.matchAll(/^(.*)\((\d+),\d+\): error (TS\d+)/gm)];
    return new Map(errors.map(([, , line, code]) => [Number(line), code ?? ""]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("the compiler refuses each line that must not be written, and nothing else", async () => {
  const expected = SOURCE.flatMap((line, index) => {
    const reason = DIRECTIVE.exec(line)?.[1];
    return reason === undefined ? [] : [{ reason, line: index + 2 }];
  });
  const errors = await compileWithoutDirectives();

  expect(expected.map(({ reason, line }) => [reason, errors.get(line)])).toEqual([
    ["a float as an amount", "TS2418"],
    ["a number that did not come from money", "TS2418"],
    ["a BigInt as an amount", "TS2418"],
    ["a key for a card number", "TS2353"],
    ["a key for a card verification code", "TS2353"],
    ["a key for a card number in an object made before", "TS2345"],
    ["a value that the enum does not have", "TS2418"],
    ["an unbounded attribute as a label", "TS2418"],
    ["an unbounded attribute as a label", "TS2418"],
    ["a label that the metric requires is missing", "TS2345"],
    ["an attribute that the span does not have", "TS2353"],
    ["an attribute that the event does not have", "TS2418"],
    ["a metric that the registry does not have", "TS2345"],
  ]);
  expect([...errors.keys()].toSorted((a, b) => a - b)).toEqual(expected.map(({ line }) => line));
});
