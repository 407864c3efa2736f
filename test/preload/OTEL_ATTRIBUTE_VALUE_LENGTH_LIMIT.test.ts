import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT cuts after redaction: half a card number never leaves; nothing by default", async () => {
  const [cut, byDefault] = await Promise.all([
    sent({ env: { OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT: "20" } }),
    sent(),
  ]);
  const notes = [cut, byDefault].map(({ spans, logs }) =>
    [spans, logs].map(([item]) => item?.attributes["note"]),
  );
  const whole = "payer card 411111******1111 and then some more text";
  expect(notes).toEqual([
    [whole.slice(0, 20), whole.slice(0, 20)],
    [whole, whole],
  ]);
  const bytes = Buffer.concat(cut.requests.map((request) => request.bytes)).toString();
  expect(bytes).not.toContain("41111111111");
});

test("a wrong OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT is one sentence", async () => {
  expect(await told("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", "0")).toEqual(
    once(
      'OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT is "0"; use a whole number greater than 0, up to 2147483647. It is ignored.',
    ),
  );
});
