import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "./temporary-root.ts";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "assay-semconv-"));
const installed = join(folder, "node_modules/@assay/semconv");

beforeAll(async () => {
  mkdirSync(installed, { recursive: true });
  cpSync(join(ROOT, "packages/semconv/package.json"), join(installed, "package.json"));
  cpSync(join(ROOT, "packages/semconv/src"), join(installed, "src"), { recursive: true });
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const project = join(ROOT, "packages/semconv");
  await run(process.execPath, [tsc, "-p", project, "--outDir", join(installed, "dist")]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function node(type: "module" | "commonjs", code: string): Promise<string> {
  const args = [`--input-type=${type}`, "--eval", code];
  return (await run(process.execPath, args, { cwd: folder })).stdout;
}

/** Size in bytes of a bundle that has one import and writes it. */
async function bundled(specifier: string, name: string): Promise<number> {
  const entry = `import { ${name} } from ${JSON.stringify(specifier)};\nconsole.log(${name});\n`;
  const bundle = await rolldown({
    input: join(folder, "entry.mjs"),
    cwd: folder,
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id.endsWith("entry.mjs") ? id : null),
        load: (id) => (id.endsWith("entry.mjs") ? entry : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  return output.reduce((sum, part) => sum + ("code" in part ? Buffer.byteLength(part.code) : 0), 0);
}

const WRITE = `
  const plain = Object.keys(all).filter((name) => /^[A-Z]/.test(name) && typeof all[name] !== "function").toSorted();
  process.stdout.write(JSON.stringify(plain.map((name) => [name, all[name]])));`;

test("require and import give the same constants", async () => {
  const imported = await node("module", `import * as all from "@assay/semconv";${WRITE}`);
  const required = await node("commonjs", `const all = require("@assay/semconv");${WRITE}`);
  expect(required).toBe(imported);
  expect(JSON.parse(required)).toContainEqual(["ATTR_FINANCE_OUTCOME", "finance.outcome"]);
});

test("one namespace is to be had alone, by require and by import", async () => {
  const imported = await node("module", `import * as all from "@assay/semconv/outcome";${WRITE}`);
  const required = await node("commonjs", `const all = require("@assay/semconv/outcome");${WRITE}`);
  expect(required).toBe(imported);
  expect(JSON.parse(required)).toHaveLength(13);
});

test.each(["ATTR_FINANCE_PAYMENT_ID", "METRIC_FINANCE_PAYMENT_DURATION"])(
  "a bundle with %s alone is under 200 bytes",
  async (name) => {
    expect(await bundled("@assay/semconv", name)).toBeLessThan(200);
  },
);

test("an instrument in a bundle does not bring the others", async () => {
  const one = await bundled("@assay/semconv", "INSTRUMENT_FINANCE_PAYMENT_DURATION");
  expect(one).toBeLessThan(1000);
});

// No time is asserted: it is the machine's. The ratio says what all cost beside one.
test("the time to require one namespace and all of them is printed", async () => {
  const time = async (specifier: string) => {
    const code = `const start = process.hrtime.bigint(); require(${JSON.stringify(specifier)});
      process.stdout.write(String(process.hrtime.bigint() - start));`;
    const runs = [];
    for (let count = 0; count < 5; count++) runs.push(Number(await node("commonjs", code)) / 1e6);
    return Math.min(...runs);
  };
  const one = await time("@assay/semconv/payment");
  const all = await time("@assay/semconv");
  process.stdout.write(
    `require: ${one.toFixed(1)} ms for one namespace, ${all.toFixed(1)} ms for all, ratio ${(all / one).toFixed(0)}\n`,
  );
  expect(all).toBeGreaterThan(0);
});
