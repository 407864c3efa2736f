import { expect, test } from "vitest";
import { countsOf, once, sent, told } from "./sent.ts";

test("OTEL_ATTRIBUTE_COUNT_LIMIT is how many attributes spans, events, links and log records have; 128 by default", async () => {
  const [five, byDefault] = await Promise.all([
    sent({ file: "limits.cjs", env: { OTEL_ATTRIBUTE_COUNT_LIMIT: "5" } }),
    sent({ file: "limits.cjs" }),
  ]);
  expect(countsOf(five)).toEqual({
    ...countsOf(byDefault),
    attributes: 5,
    ofEvent: 5,
    ofLink: 5,
    ofLog: 5,
  });
  expect(countsOf(byDefault)).toMatchObject({
    attributes: 128,
    ofEvent: 128,
    ofLink: 128,
    ofLog: 128,
  });
});

test("a wrong OTEL_ATTRIBUTE_COUNT_LIMIT is one sentence", async () => {
  expect(await told("OTEL_ATTRIBUTE_COUNT_LIMIT", "many")).toEqual(
    once(
      'OTEL_ATTRIBUTE_COUNT_LIMIT is "many"; use a whole number up to 2147483647. Assay uses 128.',
    ),
  );
});
