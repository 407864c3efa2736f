import { expect, test } from "vitest";
import { logsOf } from "../support/otlp-json.ts";
import { once, sent, told } from "./sent.ts";

test("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE is how many log records a request has; 512 by default", async () => {
  const [two, byDefault] = await Promise.all([
    sizesOf({ OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: "2" }, 5),
    sizesOf({}, 513),
  ]);
  expect([two, byDefault]).toEqual([
    [2, 2, 1],
    [512, 1],
  ]);
});

async function sizesOf(env: Record<string, string>, count: number): Promise<number[]> {
  const { requests } = await sent({ file: "records.cjs", args: [String(count)], env });
  const logs = requests.filter(({ path }) => path === "/v1/logs");
  return logs.map(({ body }) => logsOf(body).length).toSorted((one, other) => other - one);
}

test("a wrong OTEL_BLRP_MAX_EXPORT_BATCH_SIZE is one sentence", async () => {
  expect(await told("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE", "1.5s")).toEqual(
    once(
      'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE is "1.5s"; use a whole number greater than 0, up to 2147483647. Assay uses 512.',
    ),
  );
});
