import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  ATTR_FINANCE_PAYMENT_ID,
  BUCKETS_FINANCE_PAYMENT_DURATION,
  FINANCE_OUTCOME_VALUE_UNKNOWN,
} from "../src/index.ts";

test("the committed constants are what the registry generates", () => {
  const generator = join(__dirname, "../scripts/generate.mjs");
  expect(() =>
    execFileSync(process.execPath, [generator, "--check"], { stdio: "pipe" }),
  ).not.toThrow();
});

test("constants carry the registry's names, values and buckets", () => {
  expect([
    ATTR_FINANCE_PAYMENT_ID,
    FINANCE_OUTCOME_VALUE_UNKNOWN,
    BUCKETS_FINANCE_PAYMENT_DURATION.at(-1),
  ]).toEqual(["finance.payment.id", "unknown", 300]);
});
