import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sent, SIGNALS } from "./sent.ts";

/** The names of the README's options table, which is written from the code; its other tables have codes. */
function rows(): string[] {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, table = ""] = readme.split(/<!-- options: .*-->/);
  return [...table.matchAll(/^\| `([A-Z_<>]+)` /gm)].map(([, name]) => name ?? "");
}

/** No number, no list, no URL, and a path at which nothing can be. */
const NONSENSE = "/dev/null/no such value";
/** Not here: with a file that cannot be used nothing else is looked at. */
const ELSEWHERE = new Set(["OTEL_CONFIG_FILE"]);

test("every variable has a file of tests, and every such file a variable", () => {
  const files = readdirSync(import.meta.dirname).filter((file) => /^[A-Z].*\.test\.ts$/.test(file));
  expect(files.toSorted()).toEqual(
    rows()
      .map((name) => `${name.replace("<SIGNAL>", "SIGNAL")}.test.ts`)
      .toSorted(),
  );
});

test.each([
  ["every variable", () => true, 0],
  [
    "every variable but the way to the Collector",
    (name: string) => !/_OTLP_ENDPOINT$|_CERTIFICATE$|_CLIENT_KEY$/.test(name),
    2,
  ],
])(
  "with %s wrong, each is told in one sentence and the application runs",
  async (_, isWrong, spans) => {
    const names = rows()
      .flatMap((name) => SIGNALS.map((signal) => name.replace("<SIGNAL>", signal)))
      .filter((name) => !ELSEWHERE.has(name) && isWrong(name));
    const once = [...new Set(names)];
    const result = await sent({
      file: "app.cjs",
      args: ["fastify"],
      env: Object.fromEntries(once.map((name) => [name, NONSENSE])),
    });
    const told = result.said.map(
      (line) => /^ASSAY_CONFIG: (\w+) is .+; use .+\.$/.exec(line)?.[1] ?? line,
    );
    expect({ code: result.code, told: told.toSorted(), spans: result.spans.length }).toEqual({
      code: 0,
      told: once.toSorted(),
      spans,
    });
  },
);
