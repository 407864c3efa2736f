import { startConsole } from "@assay/console";
import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("SENTRY_DSN is where errors go to from the process; nowhere by default", async () => {
  await using assay = await startConsole({ port: 0 });
  await Promise.all([
    sent({ file: "ends.cjs", args: ["throw"], env: { SENTRY_DSN: assay.dsn } }),
    sent({ file: "ends.cjs", args: ["reject"] }),
  ]);
  expect(assay.store.errors()).toMatchObject([{ message: "thrown at the end" }]);
});

test("a wrong SENTRY_DSN is one sentence without the value", async () => {
  expect(await told("SENTRY_DSN", "https://Sup3rS3cret.example")).toEqual(
    once(
      "SENTRY_DSN is not valid (value not shown); use a DSN such as https://PUBLIC_KEY@HOST/PROJECT_ID. It is ignored.",
    ),
  );
});
