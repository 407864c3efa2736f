import { money } from "@assay/semconv";
import { expectTypeOf, test } from "vitest";
import type { Details, Initiation, Payment } from "../src/index.ts";

test("an amount is Money, and no number", () => {
  expectTypeOf<Initiation<"mpesa">["amount"]>().not.toExtend<number | undefined>();
  // @ts-expect-error a float is no amount
  const wrong: Initiation<"mpesa">["amount"] = 1500.5;
  const right: Initiation<"mpesa">["amount"] = money("KES", 150_000n);
  expectTypeOf([wrong, right]).toBeArray();
});

test("a rail, an attribute and a state that nobody declared do not compile", () => {
  // @ts-expect-error no such rail
  const rail: Initiation<"mpesa">["rail"] = "cash";
  // @ts-expect-error no such attribute
  const details: Details = { attributes: { "finance.payment.colour": "red" } };
  // @ts-expect-error how it failed has to be said by fail
  const step: Parameters<Payment["transition"]>[0] = "failed";
  expectTypeOf([rail, details, step]).toBeArray();
});
