import { expect, test } from "vitest";
import { createRedactor, type Finding } from "../src/index.ts";
import { SCANNED } from "../src/engine.ts";

const PAN = "4111111111111111";

test("keeps the first six and the last four digits of a card number", () => {
  expect(createRedactor().text(`card ${PAN} declined`)).toBe("card 411111******1111 declined");
});

test("keeps the structure of JSON: keys and order stay, a number becomes a string", () => {
  const body = `{"cardNumber":${PAN},"cvv":987,"amount":150000,"note":"ok"}`;
  expect(createRedactor().text(body)).toBe(
    '{"cardNumber":"411111******1111","cvv":"[sad]","amount":150000,"note":"ok"}',
  );
});

test("keeps the structure of a URL", () => {
  expect(createRedactor().text("https://u:p4ss@host/a?email=j%40ex.io&x=1&token=abc123def")).toBe(
    "https://u:[credential]@host/a?email=[email]&x=1&token=[credential]",
  );
});

test("drops authentication data, masks a card, and keeps the other properties in their order", () => {
  const value = { z: 1, card: { number: PAN, cvv: "987", brand: "visa" }, a: "x" };
  expect(JSON.stringify(createRedactor().value("body", value))).toBe(
    '{"z":1,"card":{"number":"411111******1111","brand":"visa"},"a":"x"}',
  );
});

test("returns clean objects, arrays, maps and bytes themselves", () => {
  const redactor = createRedactor();
  const values = [
    { a: [1, { b: "x" }] },
    [1, 2],
    new Map([["a", 1]]),
    new Uint8Array([1, 2, 3]),
    new Date(0),
  ];
  for (const value of values) expect(redactor.value("x", value)).toBe(value);
});

test("redacts keys, maps, sets, errors, URLs and what toJSON returns", () => {
  const redactor = createRedactor();
  expect(redactor.value("x", { [`pan ${PAN}`]: 1 })).toEqual({ "pan 411111******1111": 1 });
  expect(redactor.value("x", new Map([["email", "j@ex.io"]]))).toEqual(
    new Map([["email", "[email]"]]),
  );
  expect(redactor.value("x", new Set(["j@ex.io"]))).toEqual(new Set(["[email]"]));
  expect(redactor.value("x", new URL("https://a:b@host/"))).toBe("https://a:[credential]@host/");
  expect(redactor.value("x", { toJSON: () => ({ pin: 4821 }) })).toEqual({});
  expect(redactor.value("x", new Error(`no ${PAN}`))).toMatchObject({
    message: "no 411111******1111",
  });
});

test("reads a name and a value that stand beside each other as a pair", () => {
  const items = [
    { Name: "PhoneNumber", Value: 254708374149 },
    { Name: "Amount", Value: 254708374149 },
  ];
  expect(createRedactor().value("Item", items)).toEqual([
    { Name: "PhoneNumber", Value: "[phone]" },
    { Name: "Amount", Value: 254708374149 },
  ]);
});

test("truncates after redaction, so that a number cut in two is not left", () => {
  const redactor = createRedactor({ truncateAt: 12 });
  expect(redactor.text(`card ${PAN}`)).toBe("card 411111*");
  expect(redactor.value("x", { y: `card ${PAN}` })).toEqual({ y: "card 411111*" });
  expect(createRedactor({ truncateAt: 1 }).text("😀 and more")).toBe("");
});

test("reports what was done, never the value", () => {
  const findings: Finding[] = [];
  const redactor = createRedactor({ onFinding: (finding) => findings.push(finding) });
  redactor.text(`card ${PAN} of j@ex.io`);
  redactor.value("cvv", "123");
  redactor.value("password", "Hunter2!");
  expect(findings).toEqual([
    { class: "pci_chd", action: "masked", detector: "pan" },
    { class: "pii", action: "removed", detector: "email" },
    { class: "pci_sad", action: "removed", detector: "key-cvv" },
    { class: "credential", action: "removed", detector: "key-secret" },
  ]);
});

test("removes a value that cannot be read, and says so", () => {
  const findings: Finding[] = [];
  const redactor = createRedactor({ onFinding: (finding) => findings.push(finding) });
  const trap = {
    get password(): string {
      throw new Error("read");
    },
  };
  expect(redactor.value("x", trap)).toEqual({});
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  expect(redactor.value("x", revoked.proxy)).toBeUndefined();
  expect(redactor.text(undefined as unknown as string)).toBe("[removed]");
  expect(findings.map(({ detector }) => detector)).toEqual([
    "engine-error",
    "engine-error",
    "engine-error",
  ]);
});

test("of an object goes the property that cannot be read, and no other", () => {
  const payment = {
    amount: 1,
    get card(): string {
      throw new Error(PAN);
    },
    note: PAN,
  };
  expect(createRedactor().value("x", payment)).toEqual({ amount: 1, note: "411111******1111" });
});

test("survives a listener that throws, and offers it the finding again", () => {
  const taken: string[] = [];
  let calls = 0;
  const redactor = createRedactor({
    onFinding: ({ detector }) => {
      if (calls++ === 0) throw new Error("not now");
      taken.push(detector);
    },
  });
  expect(redactor.text("j@ex.io")).toBe("[email]");
  expect(redactor.text(PAN)).toBe("411111******1111");
  expect(taken).toEqual(["email", "pan"]);
});

test("removes what is deeper, wider or more circular than it looks", () => {
  const redactor = createRedactor();
  const circular: Record<string, unknown> = { a: 1 };
  circular["self"] = circular;
  expect(redactor.value("x", circular)).toEqual({ a: 1, self: "[removed]" });
  let deep: unknown = PAN;
  for (let level = 0; level < 20; level++) deep = { deep };
  expect(JSON.stringify(redactor.value("x", deep))).toContain("[removed]");
  const wide = Array.from({ length: 3000 }, () => ({ pan: PAN }));
  expect(JSON.stringify(redactor.value("x", wide))).not.toContain(PAN);
  const strings = Array.from({ length: 1500 }, () => "ok");
  expect(redactor.value("x", strings)).toEqual(
    strings.map((one, at) => (at < 1000 ? one : "[removed]")),
  );
  const long = Array.from({ length: 8 }, () => "a ".repeat(SCANNED / 2));
  expect(redactor.value("x", long)).toEqual(long.map((one, at) => (at < 4 ? one : "[removed]")));
});

test("removes the rest of a text that is longer than it scans, also a number across the border", () => {
  const redactor = createRedactor();
  for (let shift = 0; shift < 2100; shift += 61) {
    const text = `${"a ".repeat(SCANNED / 2 - 1050)}${"b".repeat(shift)} ${PAN} ${"c".repeat(4000)} ${PAN}`;
    const out = redactor.text(text);
    expect(out.endsWith("[removed]")).toBe(true);
    expect(/4111111/.test(out)).toBe(false);
    expect(redactor.text(out)).toBe(out);
  }
}, 30_000);

test("leaves an identifier of tracing alone under its own key, even when it is all digits", () => {
  const redactor = createRedactor();
  expect(redactor.value("spanId", PAN)).toBe(PAN);
  expect(redactor.value("note", PAN)).toBe("411111******1111");
});

test("an integer that is a phone number goes, and an amount or a size of twelve digits stays", () => {
  const { value } = createRedactor();
  expect(value("app.reference", 254712345678)).toBe("[phone]");
  expect(value("finance.payment.amount.minor", 254712345678)).toBe(254712345678);
  expect(value("v8js.memory.heap.used.bytes", 254712345678)).toBe(254712345678);
});

test("what was found clean once is found sensitive under a key that says so", () => {
  const { value } = createRedactor();
  expect(value("app.note", "0712345678")).toBe("0712345678");
  expect(value("customer.note phone", "0712345678")).toBe("[phone]");
});

test("what the registry removes or masks by name goes, whatever the value looks like", () => {
  const findings: Finding[] = [];
  const { value } = createRedactor({ onFinding: (finding) => findings.push(finding) });
  expect(value("finance.customer.name", "Jane")).toBeUndefined();
  expect(value("db.query.parameter.0", "anything")).toBeUndefined();
  expect(value("finance.account.number", "12")).toBe("[account]");
  expect(value("user.id", "42")).toBe("[id]");
  expect(findings).toEqual([
    { class: "pii", action: "removed", detector: "registry" },
    { class: "confidential", action: "removed", detector: "registry" },
    { class: "pii", action: "masked", detector: "registry" },
    { class: "pii", action: "masked", detector: "registry" },
  ]);
});

test("a number that the registry keeps stays, and a text under the same key is still looked at", () => {
  const { value } = createRedactor();
  expect(value("finance.payment.amount.minor", 4_111_111_111_111_111)).toBe(4_111_111_111_111_111);
  expect(value("http.request.method", `GET ${PAN}`)).toBe("GET 411111******1111");
});

test("a boxed text, a boxed number and parsed parameters are what they hold", () => {
  const redactor = createRedactor();
  const boxed = [new String(`card ${PAN}`), new Number(PAN), new URLSearchParams({ cvv: "123" })];
  expect(boxed.map((value) => redactor.value("note", value))).toEqual([
    "card 411111******1111",
    "411111******1111",
    "cvv=[sad]",
  ]);
});

test("an attribute that is one of a few words is read when it is something else, also a number", () => {
  const redactor = createRedactor();
  expect(redactor.value("finance.payment.status", "completed")).toBe("completed");
  expect(redactor.value("finance.payment.status", PAN)).toBe("411111******1111");
  expect(redactor.value("finance.payment.status", Number(PAN))).toBe("411111******1111");
  // A number by its type is kept, whatever its digits add up to.
  expect(redactor.value("finance.payment.amount.minor", Number(PAN))).toBe(Number(PAN));
});
