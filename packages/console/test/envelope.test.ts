import { expect, test } from "vitest";
import { EnvelopeError, parseEnvelope } from "../src/envelope.ts";

function items(text: string): (readonly [string, string])[] {
  return parseEnvelope(Buffer.from(text)).items.map(
    ({ type, payload }) => [type, payload.toString()] as const,
  );
}

test("a payload is as long as its header says, newlines included, in bytes", () => {
  expect(
    items('{}\n{"type":"attachment","length":7}\na\nb\né\n\n{"type":"event","length":2}\n{}'),
  ).toEqual([
    ["attachment", "a\nb\né\n"],
    ["event", "{}"],
  ]);
});

test("without a length a payload ends at the newline or at the end", () => {
  expect(items('{"event_id":"a"}\n{"type":"event"}\n{"a":1}\n{"type":"session"}\n{}')).toEqual([
    ["event", '{"a":1}'],
    ["session", "{}"],
  ]);
});

test("empty payloads, newlines at the end and an envelope without items are fine", () => {
  expect([
    items('{}\n{"type":"attachment","length":0}\n\n{"type":"x","length":0}\n'),
    items('{}\n{"type":"event","length":2}\n{}\n\n\n'),
    items("{}"),
    items("{}\n"),
  ]).toEqual([
    [
      ["attachment", ""],
      ["x", ""],
    ],
    [["event", "{}"]],
    [],
    [],
  ]);
});

test.each([
  ["", "The envelope header is not a JSON object."],
  ["[]\n", "The envelope header is not a JSON object."],
  ["{}\nnot json\n{}", "An item header is not a JSON object."],
  ['{}\n{"length":2}\n{}', "An item header has no type."],
  ['{}\n{"type":"event","length":9}\n{}', "An item is shorter than its length says."],
  ['{}\n{"type":"event","length":1}\n{}\n', "An item is longer than its length says."],
  ['{}\n{"type":"event","length":-1}\n{}', "An item's length is not a number of bytes."],
  ['{}\n{"type":"event","length":"2"}\n{}', "An item's length is not a number of bytes."],
])("%j is refused with a sentence", (text, sentence) => {
  expect(() => parseEnvelope(Buffer.from(text))).toThrow(new EnvelopeError(sentence));
});
