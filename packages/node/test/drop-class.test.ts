import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { createDropClasses } from "../src/drop-class.ts";

const span = (spanId: string, rest: object = {}): ReadableSpan =>
  ({
    attributes: {},
    status: { code: 0 },
    spanContext: () => ({ spanId, traceId: "", traceFlags: 1 }),
    ...rest,
  }) as unknown as ReadableSpan;
const record = (rest: object): ReadableLogRecord =>
  ({ attributes: {}, ...rest }) as unknown as ReadableLogRecord;

test.each([
  ["payment", span("1", { attributes: { "http.route": "/", "finance.payment.id": "p" } })],
  ["payment", span("1", { attributes: { "finance.payment.id": "p" }, status: { code: 2 } })],
  ["error", span("1", { status: { code: 2 } })],
  ["other", span("1", { attributes: { "app.finance.id": "p" }, status: { code: 1 } })],
])("a span is of class %s by its attributes and its status", (expected, given) => {
  expect(createDropClasses().ofSpan(given)).toBe(expected);
});

test("a log record is of its own class, or of its span's", () => {
  const classes = createDropClasses();
  classes.remember([span("a", { status: { code: 2 } }), span("b")]);
  classes.remember([span("c", { attributes: { "finance.payment.id": "p" } })]);
  const of = (rest: object) => classes.ofRecord(record(rest));
  expect(["a", "b", "c"].map((spanId) => of({ spanContext: { spanId } }))).toEqual([
    "error",
    "other",
    "payment",
  ]);
  expect(of({ severityNumber: 17 })).toBe("error");
  expect(of({ attributes: { "finance.payment.id": "p" } })).toBe("payment");
  expect(of({ severityNumber: 9 })).toBe("other");
});

test("the spans that are remembered are the last ones", () => {
  const classes = createDropClasses();
  const many = Array.from({ length: 60_000 }, (_, index) =>
    span(String(index), { status: { code: 2 } }),
  );
  classes.remember(many);
  const of = (spanId: string) => classes.ofRecord(record({ spanContext: { spanId } }));
  expect([of("59999"), of("0")]).toEqual(["error", "other"]);
});
