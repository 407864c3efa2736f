import { expect, test } from "vitest";
import { meanwhile, once, told } from "./sent.ts";

test("OTEL_BLRP_SCHEDULE_DELAY is how long a log record waits for others; a second by default", async () => {
  const [logsBefore, byDefault] = await Promise.all([
    meanwhile({ OTEL_BLRP_SCHEDULE_DELAY: "60000" }, async (receiver) => {
      await receiver.waitForSpan();
      return receiver.logs().length;
    }),
    meanwhile({ OTEL_BSP_SCHEDULE_DELAY: "60000" }, async (receiver) => {
      await receiver.waitForLog();
      return receiver.spans().length;
    }),
  ]);
  expect([logsBefore, byDefault]).toEqual([0, 0]);
});

test("a wrong OTEL_BLRP_SCHEDULE_DELAY is one sentence", async () => {
  expect(await told("OTEL_BLRP_SCHEDULE_DELAY", "1.5s")).toEqual(
    once(
      'OTEL_BLRP_SCHEDULE_DELAY is "1.5s"; use a whole number greater than 0, up to 2147483647. Assay uses 1000.',
    ),
  );
});
