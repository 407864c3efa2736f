import { context, SeverityNumber, trace } from "@opentelemetry/api";
import { ERROR_CATEGORY_SEVERITIES, money } from "@assay/semconv";
import { expect, test } from "vitest";
import { captureFinancialError, type ErrorCategory } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const LABELS = ["finance.error.category", "finance.error.severity"];
const HEX = /^[0-9a-f]{32}$/;

test("a captured error is one log record with its id, its payment and its amount, and the span's ids", () => {
  using recorded = recordTelemetry();
  const error = new RangeError("the ledger is out of balance");
  const span = trace.getTracer("t").startSpan("settle");
  const found = context.with(trace.setSpan(context.active(), span), () =>
    captureFinancialError(error, {
      category: "payment_processing",
      paymentId: "pay_1",
      amount: money("KES", 150_000n),
      context: { "finance.provider.name": "safaricom" },
    }),
  );
  span.end();
  const { traceId } = span.spanContext();
  expect(found).toEqual({ eventId: expect.stringMatching(HEX), traceId });
  const known = {
    "assay.error.id": found.eventId,
    "finance.error.category": "payment_processing",
    "finance.error.severity": "critical",
    "finance.payment.id": "pay_1",
    "finance.payment.amount.minor": 150_000,
    "finance.currency.code": "KES",
    "finance.currency.exponent": 2,
    "finance.provider.name": "safaricom",
    "exception.message": "the ledger is out of balance",
  };
  expect(recorded.logs.getFinishedLogRecords()).toMatchObject([
    {
      eventName: "finance.error.captured",
      severityNumber: SeverityNumber.FATAL,
      spanContext: { traceId },
      attributes: { ...known, "exception.type": "RangeError", "exception.stacktrace": error.stack },
    },
  ]);
  // The work goes on: its span is no error for it.
  expect(recorded.spans.getFinishedSpans()).toMatchObject([
    { status: { code: 0 }, events: [{ name: "finance.error.captured", attributes: known }] },
  ]);
});

test.each(Object.entries(ERROR_CATEGORY_SEVERITIES))(
  "%s is %s when nobody says otherwise, and is counted so",
  async (category, severity) => {
    using recorded = recordTelemetry();
    captureFinancialError(new Error("failed"), { category: category as ErrorCategory });
    expect(await recorded.counted("finance.errors", LABELS)).toEqual({
      [`${category} ${severity}`]: 1,
    });
  },
);

test.each([
  ["low", SeverityNumber.ERROR],
  ["medium", SeverityNumber.ERROR2],
  ["high", SeverityNumber.ERROR3],
  ["critical", SeverityNumber.FATAL],
  ["security_critical", SeverityNumber.FATAL2],
] as const)("%s is to a log %s, which the errors route carries", (severity, severityNumber) => {
  using recorded = recordTelemetry();
  captureFinancialError(new Error("failed"), { severity });
  expect(recorded.logs.getFinishedLogRecords()).toMatchObject([{ severityNumber }]);
});

test("the same error captured twice is one record, one count and one answer", async () => {
  using recorded = recordTelemetry();
  const error = new Error("twice");
  const [first, second] = [captureFinancialError(error), captureFinancialError(error)];
  expect(second).toEqual(first);
  expect(recorded.logs.getFinishedLogRecords()).toHaveLength(1);
  expect(await recorded.counted("finance.errors", LABELS)).toEqual({ "system_error medium": 1 });
});

test("a customer's own failure is no event and no count", async () => {
  using recorded = recordTelemetry();
  const found = captureFinancialError(new Error("insufficient funds"), {
    context: { "finance.failure.domain": "customer" },
  });
  expect(found).toEqual({ eventId: undefined, traceId: undefined });
  expect(recorded.logs.getFinishedLogRecords()).toEqual([]);
  expect(await recorded.counted("finance.errors", LABELS)).toEqual({});
});

test("of what the span of a payment knows, the record has what is of the business", () => {
  using recorded = recordTelemetry();
  trace.getTracer("t").startActiveSpan("settle", (span) => {
    span.setAttributes({ "finance.payment.id": "pay_7", "url.path": "/pay", "http.route": "/pay" });
    captureFinancialError(new Error("failed"));
    span.end();
  });
  const [record] = recorded.logs.getFinishedLogRecords();
  expect(record?.attributes).toMatchObject({ "finance.payment.id": "pay_7", "http.route": "/pay" });
  expect(record?.attributes).not.toHaveProperty("url.path");
});

const unreadable = (): never => {
  throw new Error("not to be read");
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const getters = Object.defineProperties(new Error("of getters"), {
  message: { get: unreadable },
  stack: { get: unreadable },
});

const circular = new Error("circular");
circular.cause = circular;

test.each([
  ["a text", "out of float", "out of float"],
  ["nothing", undefined, "undefined was thrown"],
  ["null", null, "null was thrown"],
  ["a symbol", Symbol("s"), "Symbol(s) was thrown"],
  ["a frozen error", Object.freeze(new Error("frozen")), "frozen"],
  ["an object", { code: 7 }, "an object without a message was thrown"],
  ["an object with a message", { message: "declined" }, "declined"],
  ["an error whose getters throw", getters, "an error that cannot be read"],
  ["a proxy whose traps throw", new Proxy(new Error(), { get: unreadable }), "an error that"],
  ["a proxy that is revoked", revoked.proxy, "an error that cannot be read"],
  ["an error whose cause is itself", circular, "circular"],
  ["an error whose cause is a text", new Error("outer", { cause: "inner" }), "outer"],
  ["an error with an unreadable cause", new Error("outer", { cause: getters }), "outer"],
  [
    "an error whose code cannot be text",
    Object.assign(new Error("coded"), { code: { toString: unreadable } }),
    "coded",
  ],
])("%s is captured, and nothing is thrown", (_what, error, message) => {
  using recorded = recordTelemetry();
  const { eventId } = captureFinancialError(error);
  const [record] = recorded.logs.getFinishedLogRecords();
  expect([record?.attributes["assay.error.id"], record?.attributes["exception.message"]]).toEqual([
    expect.stringMatching(HEX),
    expect.stringContaining(message),
  ]);
  expect(record?.attributes["assay.error.id"]).toBe(eventId);
});

test("wrong options lose their own part alone", async () => {
  using recorded = recordTelemetry();
  const wrong = {
    category: "weather",
    severity: 7,
    amount: 1500.5,
    context: Object.defineProperty({}, "finance.provider.name", {
      get: unreadable,
      enumerable: true,
    }),
    paymentId: "pay_1",
  } as never;
  expect(captureFinancialError(new Error("failed"), wrong).eventId).toMatch(HEX);
  expect(captureFinancialError(new Error("failed"), null as never).eventId).toMatch(HEX);
  const [record] = recorded.logs.getFinishedLogRecords();
  expect(record?.attributes).toMatchObject({ "finance.payment.id": "pay_1" });
  expect(JSON.stringify(record?.attributes)).not.toContain("1500");
  expect(await recorded.counted("finance.errors", LABELS)).toEqual({ "system_error medium": 2 });
});

test("without an SDK there is an id all the same, and the same again", () => {
  const error = new Error("alone");
  const found = captureFinancialError(error);
  expect(found).toEqual({ eventId: expect.stringMatching(HEX), traceId: undefined });
  expect(captureFinancialError(error)).toEqual(found);
});
