import { expect, test } from "vitest";
import { engine, STRING } from "../src/engine.ts";

// What a pseudonym of the first thing found would be made of.
function canonicalOf(text: string, key = ""): string | undefined {
  const module = engine();
  if (module === undefined) throw new Error("no WebAssembly");
  const put = (written: string): number => {
    const bytes = new TextEncoder().encode(written);
    const at = module.input(bytes.length);
    new Uint8Array(module.memory.buffer).set(bytes, at);
    return bytes.length;
  };
  const id = key === "" ? 0 : module.key(0, put(key));
  const length = put(text);
  const row = module.entries(1);
  new Uint32Array(module.memory.buffer, row, 4).set([id, 0, length, STRING]);
  if (module.scan(1) === 0) return undefined;
  const finding = new Uint32Array(module.memory.buffer, module.findings(), 8);
  const [offset = 0, size = 0] = finding.subarray(6);
  return new TextDecoder().decode(
    new Uint8Array(module.memory.buffer, module.texts() + offset, size),
  );
}

test.each([
  ["+254712345678", "254712345678"],
  ["+254 (0) 712 345 678", "254712345678"],
  ["00254712345678", "254712345678"],
  ["2540712345678", "254712345678"],
  ["call 0712-345-678", "254712345678"],
  ["call 0110345678", "254110345678"],
  ["call 08031234567", "2348031234567"],
  ["+27 82 123 4567", "27821234567"],
  ["(415) 555-2671", "14155552671"],
  ["+1 (415) 555-2671", "14155552671"],
  ["tel 0821234567", "0821234567"],
])("the phone number in %j is %s", (text, digits) => {
  expect(canonicalOf(text)).toBe(digits);
});

test.each([
  ["msisdn", "0712 345 678", "254712345678"],
  ["msisdn", "712345678", "254712345678"],
  ["national_id", "27-345-678", "27345678"],
  ["kra_pin", "a001234567z", "A001234567Z"],
  ["email", "Jane.Doe@Example.CO.KE", "jane.doe@example.co.ke"],
  ["card_number", "4111-1111 1111 1111", "4111111111111111"],
])("under %s %j is %s", (key, text, canonical) => {
  expect(canonicalOf(text, key)).toBe(canonical);
});

test.each([
  ["4.111111111111111e+15", "4111111111111111"],
  ["GB82 west 1234 5698 7654 32", "GB82WEST12345698765432"],
  ["63-1234567 F 12", "631234567F12"],
  ["to Jane@Example.com", "jane@example.com"],
])("what is in %j is %s", (text, canonical) => {
  expect(canonicalOf(text)).toBe(canonical);
});
