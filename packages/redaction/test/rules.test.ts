import { describe, expect, test } from "vitest";
import { email } from "../rules/email.ts";
import { encoded } from "../rules/encoded.ts";
import { iban } from "../rules/iban.ts";
import { identity } from "../rules/identity.ts";
import { pairs } from "../rules/pairs.ts";
import { pan } from "../rules/pan.ts";
import { phone } from "../rules/phone.ts";
import { prose } from "../rules/prose.ts";
import { track, trailingCode } from "../rules/sad.ts";
import { insert } from "../rules/sql.ts";
import { pem, scheme, token, userinfo } from "../rules/tokens.ts";
import { createRedactor } from "../src/index.ts";

const rules = [
  track,
  trailingCode,
  pairs,
  prose,
  insert,
  token,
  pem,
  scheme,
  userinfo,
  pan,
  iban,
  email,
  phone,
  identity,
  encoded,
];
const redactor = createRedactor();

describe.each(rules)("the rule $name", (rule) => {
  test.each(rule.removes)("removes from %j", (text) => {
    const once = redactor.text(text);
    expect(once).not.toBe(text);
    expect(redactor.text(once)).toBe(once);
  });

  test.each(rule.keeps)("keeps %j", (text) => {
    expect(redactor.text(text)).toBe(text);
  });
});
