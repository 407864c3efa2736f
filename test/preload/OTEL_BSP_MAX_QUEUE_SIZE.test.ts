import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_BSP_MAX_QUEUE_SIZE is how many spans are held, the newest; 65536 by default", async () => {
  const [two, byDefault] = await Promise.all([
    sent({ file: "many.cjs", args: ["5"], env: { OTEL_BSP_MAX_QUEUE_SIZE: "2" } }),
    sent({ file: "many.cjs", args: ["5000"] }),
  ]);
  expect(two.spans.map(({ name }) => name)).toEqual(["finished 3", "finished 4"]);
  expect(two.said).toEqual([
    expect.stringMatching(/^ASSAY_EXPORT: more than 2 spans .* the oldest are dropped and counted/),
  ]);
  expect([byDefault.spans.length, byDefault.said]).toEqual([5000, []]);
});

test("a wrong OTEL_BSP_MAX_QUEUE_SIZE is one sentence", async () => {
  expect(await told("OTEL_BSP_MAX_QUEUE_SIZE", "1.5s")).toEqual(
    once(
      'OTEL_BSP_MAX_QUEUE_SIZE is "1.5s"; use a whole number greater than 0, up to 2147483647. Assay uses 65536.',
    ),
  );
});
