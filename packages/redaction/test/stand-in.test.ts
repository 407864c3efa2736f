import { describe, expect, test } from "vitest";
import { createPseudonyms, createRedactor, type Finding } from "../src/index.ts";
import testCases from "./cases.json";

const keys = [{ id: "k1", key: new Uint8Array(32).fill(7) }];
const pseudonyms = createPseudonyms(keys);
const PAN = "4111111111111111";
const PHONE = pseudonyms.make("msisdn", "254712345678")!;
const EMAIL = pseudonyms.make("email", "j@ex.io")!;

describe("with a key for pseudonyms", () => {
  const redactor = createRedactor({ pseudonymKeys: keys });

  test("one person's number is one pseudonym, however it is written and wherever it stands", () => {
    expect(redactor.text("sent to 0712 345 678")).toBe(`sent to ${PHONE}`);
    expect(redactor.text("?msisdn=%2B254712345678&x=1")).toBe(`?msisdn=${PHONE}&x=1`);
    expect(redactor.value("customer.phone", "0712345678")).toBe(PHONE);
    expect(redactor.value("PhoneNumber", 254_712_345_678)).toBe(PHONE);
    expect(redactor.value("x", { email: "J@EX.io" })).toEqual({ email: EMAIL });
  });

  test("an IBAN is the same pseudonym under the key of an account", () => {
    const iban = pseudonyms.make("iban", "DE89370400440532013000");
    expect(redactor.text("debit DE89370400440532013000")).toBe(`debit ${iban}`);
    expect(redactor.value("account.number", "DE89 3704 0044 0532 0130 00")).toBe(iban);
  });

  test("what the registry hashes is hashed, by whom it identifies", () => {
    expect(redactor.value("finance.customer.id", "cus_42")).toBe(
      pseudonyms.make("customer", "cus_42"),
    );
    expect(redactor.value("enduser.id", 42)).toBe(pseudonyms.make("user", "42"));
    expect(redactor.value("device.id", "a-1")).toBe(pseudonyms.make("device", "a-1"));
    expect(redactor.value("user.id", { id: 1 })).toBe("[id]");
  });

  test("authentication data, credentials and what is encoded get none", () => {
    expect(redactor.value("cvv", "987")).toBeUndefined();
    expect(redactor.value("password", "Hunter2!")).toBe("[credential]");
    const encoded = Buffer.from('{"email":"jane.doe@example.co.ke"}').toString("base64");
    expect(redactor.text(`body ${encoded}`)).toBe("body [id]");
  });

  test("a finding says that the value was hashed", () => {
    const findings: Finding[] = [];
    createRedactor({ pseudonymKeys: keys, onFinding: (one) => findings.push(one) }).text("j@ex.io");
    expect(findings).toEqual([{ class: "pii", action: "hashed", detector: "email" }]);
  });

  test.each(testCases)("$id $cat is left alone the second time", (one) => {
    const once = redactor.value(one.key, one.value);
    expect(redactor.value(one.key, once)).toEqual(once);
  });

  test("a pseudonym is left alone under any key but one that is removed", () => {
    for (const key of ["customer.phone", "api_key", "finance.customer.id", "db.query.text", "x"]) {
      expect(redactor.value(key, PHONE)).toBe(PHONE);
    }
    expect(redactor.text(`token=${PHONE}, user ${EMAIL}`)).toBe(`token=${PHONE}, user ${EMAIL}`);
  });
});

describe("a card number", () => {
  test("is masked by default and then has no pseudonym", () => {
    const redactor = createRedactor({ pseudonymKeys: keys });
    expect(redactor.value("x", { pan: PAN, note: `card ${PAN}` })).toEqual({
      pan: "411111******1111",
      note: "card 411111******1111",
    });
  });

  test("is a pseudonym when that is asked for and then has no mask", () => {
    const redactor = createRedactor({ pseudonymKeys: keys, pan: "pseudonym" });
    const token = pseudonyms.make("pan", PAN);
    expect(redactor.value("x", { pan: PAN, note: "card 4111 1111 1111 1111" })).toEqual({
      pan: token,
      note: `card ${token}`,
    });
    expect(redactor.value("cardholder", "Jane Doe")).toBe("[card]");
  });

  test("without a key cannot be a pseudonym", () => {
    expect(() => createRedactor({ pan: "pseudonym" })).toThrow(
      'pan is "pseudonym" and there is no key; give pseudonymKeys, or use "mask"',
    );
  });
});

test("what needs no key runs where there is no node:crypto", () => {
  const original = process.getBuiltinModule;
  process.getBuiltinModule = () => {
    throw new Error("not here");
  };
  try {
    expect(createRedactor().text(`card ${PAN} of j@ex.io`)).toBe(
      "card 411111******1111 of [email]",
    );
    expect(() => createPseudonyms(keys)).toThrow("not here");
  } finally {
    process.getBuiltinModule = original;
  }
});
