import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_BLRP_MAX_QUEUE_SIZE is how many log records are held, the newest; 65536 by default", async () => {
  const [two, byDefault] = await Promise.all([
    sent({ file: "records.cjs", args: ["5"], env: { OTEL_BLRP_MAX_QUEUE_SIZE: "2" } }),
    sent({ file: "records.cjs", args: ["5000"] }),
  ]);
  expect(two.logs.map(({ body }) => body)).toEqual(["logged 3", "logged 4"]);
  expect(two.said).toEqual([
    expect.stringMatching(/^ASSAY_EXPORT: more than 2 log records .* dropped and counted/),
  ]);
  expect([byDefault.logs.length, byDefault.said]).toEqual([5000, []]);
});

test("a wrong OTEL_BLRP_MAX_QUEUE_SIZE is one sentence", async () => {
  expect(await told("OTEL_BLRP_MAX_QUEUE_SIZE", "1.5s")).toEqual(
    once(
      'OTEL_BLRP_MAX_QUEUE_SIZE is "1.5s"; use a whole number greater than 0, up to 2147483647. Assay uses 65536.',
    ),
  );
});
