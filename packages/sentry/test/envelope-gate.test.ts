import { createPseudonyms, createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { gateEvent } from "../src/envelope-gate.ts";
import { tagsOf, userOf } from "../src/tags.ts";

const keys = [{ id: "k1", key: Buffer.alloc(32, 7) }];
const pseudonym = createPseudonyms(keys).make("user", "usr_jane");
const jane = { id: "usr_jane", email: "jane@bank.example", ip_address: "203.0.113.7" };

test.each([
  ["with a key the pseudonym of the id", keys, { id: pseudonym }],
  ["without a key nothing", undefined, undefined],
])("of a user leaves %s", (_what, pseudonymKeys, user) => {
  const redactor = createRedactor(pseudonymKeys === undefined ? {} : { pseudonymKeys });
  expect(
    [jane, { id: pseudonym! }, { email: "jane@bank.example" }, {}].map(
      (each) => gateEvent({ user: each }, redactor).user,
    ),
  ).toEqual([user, { id: pseudonym }, undefined, undefined]);
});

test("a span's user, tenant and client are the event's user and tags", () => {
  const attributes = {
    "user.id": "usr_jane",
    "user.email": "jane@bank.example",
    "finance.tenant.id": "org_42",
    "finance.client.version": "5.12.3",
  };
  const event = { ...userOf(attributes), tags: tagsOf(attributes) };
  expect(gateEvent(event, createRedactor({ pseudonymKeys: keys }))).toMatchObject({
    user: { id: pseudonym },
    tags: { "finance.tenant.id": "org_42", "finance.client.version": "5.12.3" },
  });
});
