import { expect, test } from "vitest";
import { countsOf, once, sent, told } from "./sent.ts";

test("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT is how many attributes a span has; OTEL_ATTRIBUTE_COUNT_LIMIT by default", async () => {
  const [five, byDefault] = await Promise.all([
    sent({ file: "limits.cjs", env: { OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "5" } }),
    sent({ file: "limits.cjs" }),
  ]);
  expect(countsOf(five)).toEqual({ ...countsOf(byDefault), attributes: 5 });
  expect(countsOf(byDefault)).toMatchObject({ attributes: 128 });
});

test("a wrong OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT is one sentence", async () => {
  expect(await told("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "many")).toEqual(
    once(
      'OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT is "many"; use a whole number up to 2147483647. It is ignored.',
    ),
  );
});
