import { money } from "@assay/semconv";
import { expectTypeOf, test } from "vitest";
import type { AuthAttempt, Authentication, Details, Initiation, Payment } from "../src/index.ts";

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

test("a method of authentication that is not declared and a reason that is not of the list do not compile", () => {
  // @ts-expect-error not declared
  const method: Parameters<Authentication<"jwt">["verify"]>[0] = "pin";
  // @ts-expect-error no such reason
  const reason: AuthAttempt["reason"] = "token 4711 is wrong";
  expectTypeOf([method, reason]).toBeArray();
});
