import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

// `npm run bench -- NAME [options]`. A benchmark is a file NAME.mts in this folder; the .ts files are their parts.
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".mts"))
  .map((file) => file.slice(0, -".mts".length))
  .toSorted();
const [name, ...rest] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  const found = name === undefined ? "is missing" : `is ${JSON.stringify(name)}`;
  console.error(`The name of the benchmark ${found}; use one of: ${names.join(", ")}.`);
  process.exitCode = 2;
} else {
  const { status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, `${name}.mts`), ...rest],
    {
      stdio: "inherit",
    },
  );
  process.exitCode = status ?? 1;
}
