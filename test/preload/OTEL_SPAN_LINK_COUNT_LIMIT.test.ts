import { expect, test } from "vitest";
import { countsOf, once, sent, told } from "./sent.ts";

test("OTEL_SPAN_LINK_COUNT_LIMIT is how many links a span has; 128 by default", async () => {
  const [five, byDefault] = await Promise.all([
    sent({ file: "limits.cjs", env: { OTEL_SPAN_LINK_COUNT_LIMIT: "5" } }),
    sent({ file: "limits.cjs" }),
  ]);
  expect(countsOf(five)).toEqual({ ...countsOf(byDefault), links: 5 });
  expect(countsOf(byDefault)).toMatchObject({ links: 128 });
});

test("a wrong OTEL_SPAN_LINK_COUNT_LIMIT is one sentence", async () => {
  expect(await told("OTEL_SPAN_LINK_COUNT_LIMIT", "many")).toEqual(
    once(
      'OTEL_SPAN_LINK_COUNT_LIMIT is "many"; use a whole number up to 2147483647. Assay uses 128.',
    ),
  );
});
