import { expect, test } from "vitest";
import { once, told } from "./sent.ts";

// What a right one does is in spool-refused.test.ts.
test("a wrong ASSAY_SPOOL_MAX_BYTES is one sentence", async () => {
  expect(await told("ASSAY_SPOOL_MAX_BYTES", "1GB")).toEqual(
    once(
      'ASSAY_SPOOL_MAX_BYTES is "1GB"; use a whole number greater than 0, up to 2147483647. Assay uses 268435456.',
    ),
  );
});
