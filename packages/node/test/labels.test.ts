import { expect, test } from "vitest";
import { labelsOf } from "../src/labels.ts";

test("an instrument of the registry has its labels and no other", () => {
  const labels = labelsOf("finance.payment.duration");
  expect(["finance.outcome", "queue", "finance.tenant.id"].map(labels)).toEqual([
    true,
    false,
    false,
  ]);
});
