import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createPseudonyms, createRedactor, type Finding } from "../src/index.ts";

// Sixteen digits of no card that add up like one.
const ORDER = "4111111111111111";

describe("a rule for a key of the service's own", () => {
  const found: Finding[] = [];
  const redactor = createRedactor({
    policy: {
      "app.order": "numeric_id",
      "app.build": "public",
      "app.plan": ["4111111111111111", "gold"],
      "app.note": "remove",
      "app.owner": "mask",
      "app.customer": "hash",
      "finance.customer.name": "public",
    },
    onFinding: (finding) => found.push(finding),
  });

  test.each([
    ["app.order", ORDER, ORDER],
    ["app.order", "4111-1111-1111-1111", "4111-1111-1111-1111"],
    ["app.order", `card ${ORDER}`, "card 411111******1111"],
    ["app.build", "jane@example.com", "jane@example.com"],
    ["app.plan", "gold", "gold"],
    ["app.plan", ORDER, ORDER],
    ["app.plan", "5555555555554444", "555555******4444"],
    ["app.note", "anything", undefined],
    ["app.owner", 7, "[removed]"],
    ["app.customer", "cus_1", "[removed]"],
  ])("%s of %j leaves %j, alone and in a batch", (key, value, left) => {
    expect(redactor.value(key, value)).toEqual(left);
    expect(
      redactor.batch([
        [key, value],
        ["x", "y"],
      ]) ?? [value, "y"],
    ).toEqual([left, "y"]);
  });

  test("does not let out what the registry keeps in", () => {
    expect(redactor.value("finance.customer.name", "Jane")).not.toBe("Jane");
  });

  test("is counted when it takes something out", () => {
    found.length = 0;
    redactor.value("app.note", "x");
    redactor.value("app.order", ORDER);
    expect(found).toEqual([{ class: "confidential", action: "removed", detector: "policy" }]);
  });
});

test("hash writes the pseudonym where there are keys, and leaves it alone the second time", () => {
  const keys = [{ id: "k1", key: randomBytes(32) }];
  const redactor = createRedactor({ policy: { "app.customer": "hash" }, pseudonymKeys: keys });
  const token = createPseudonyms(keys).make("user", "cus_1");
  expect(redactor.value("app.customer", "cus_1")).toBe(token);
  expect(redactor.value("app.customer", token)).toBe(token);
});

test("an unknown rule is one sentence", () => {
  expect(() => createRedactor({ policy: { "app.x": "drop" as never } })).toThrow(
    'policy of "app.x" is "drop"; use public, numeric_id, remove, mask, hash or a list of texts',
  );
});

test("a numeric id of the registry stays, and what is more than digits is looked at", () => {
  const redactor = createRedactor();
  expect(redactor.value("mpesa.merchant_request.id", ORDER)).toBe(ORDER);
  expect(redactor.value("mpesa.merchant_request.id", 4_111_111_111_111_111)).toBe(
    4_111_111_111_111_111,
  );
  expect(redactor.value("mpesa.merchant_request.id", `x ${ORDER}`)).toBe("x 411111******1111");
});
