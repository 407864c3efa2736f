import { expect, test } from "vitest";
import { meanwhile, once, told } from "./sent.ts";

test("OTEL_METRIC_EXPORT_INTERVAL is how often metrics go; once a minute by default", async () => {
  const [often, byDefault] = await Promise.all([
    meanwhile({ OTEL_METRIC_EXPORT_INTERVAL: "50" }, async (receiver) => {
      const isTwice = (): boolean => receiver.metrics().filter(isOurs).length > 1;
      await receiver.waitForMetric(isTwice);
      return isTwice();
    }),
    meanwhile({}, async (receiver) => {
      await receiver.waitForSpan();
      return receiver.metrics().length;
    }),
  ]);
  expect([often, byDefault]).toEqual([true, 0]);
});

function isOurs({ name }: { name: string }): boolean {
  return name === "everything.counted";
}

test("a wrong OTEL_METRIC_EXPORT_INTERVAL is one sentence", async () => {
  expect(await told("OTEL_METRIC_EXPORT_INTERVAL", "1.5s")).toEqual(
    once(
      'OTEL_METRIC_EXPORT_INTERVAL is "1.5s"; use a whole number greater than 0, up to 2147483647. Assay uses 60000.',
    ),
  );
});
