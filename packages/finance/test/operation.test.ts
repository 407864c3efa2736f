import { SpanStatusCode, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import {
  financialOperation,
  operation,
  startOperation,
  UserRequiredError,
  wide,
  withTenant,
  withUser,
} from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const PAY = { name: "process_payment", category: "payment_processing" } as const;
const LABELS = ["finance.operation.name", "finance.operation.category", "finance.outcome"];

test("an operation is a span, a duration and one record of all that is known of it", async () => {
  using recorded = recordTelemetry();
  const given = await withTenant({ id: "org_42", tier: "premium" }, () =>
    withUser({ id: "usr_7", tier: "business", riskBand: "low" }, () =>
      operation({ ...PAY, requireUser: true }, async ({ breadcrumb }) => {
        breadcrumb("rate fetched", { "finance.provider.name": "safaricom" });
        await Promise.resolve();
        wide.set({ "finance.payment.id": "pay_1" });
        trace.getTracer("test").startSpan("child").end();
        return "done";
      }),
    ),
  );
  expect(given).toBe("done");
  const [child, span] = recorded.spans.getFinishedSpans();
  expect(child?.parentSpanContext?.spanId).toBe(span?.spanContext().spanId);
  expect(span).toMatchObject({
    name: "process_payment",
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      "finance.operation.category": "payment_processing",
      "finance.outcome": "completed",
      "finance.tenant.id": "org_42",
      "finance.tenant.tier": "premium",
      "user.id": "usr_7",
      "finance.customer.tier": "business",
      "finance.customer.risk_band": "low",
    },
    events: [{ name: "rate fetched", attributes: { "finance.provider.name": "safaricom" } }],
  });
  expect(await recorded.series("finance.operation.duration", LABELS)).toEqual({
    "process_payment payment_processing completed": 1,
  });
  expect(recorded.logs.getFinishedLogRecords()).toMatchObject([
    {
      eventName: "finance.operation.completed",
      severityText: "INFO",
      spanContext: { spanId: span?.spanContext().spanId },
      attributes: {
        "finance.operation.name": "process_payment",
        "finance.payment.id": "pay_1",
        "finance.outcome": "completed",
      },
    },
  ]);
});

test.each([
  ["thrown", () => operation(PAY, () => fail())],
  ["rejected", () => operation(PAY, async () => fail())],
])("what is %s is rethrown unchanged, and recorded with the record too", async (_how, run) => {
  using recorded = recordTelemetry();
  const caught: unknown = await Promise.resolve()
    .then(run)
    .catch((error: unknown) => error);
  expect(caught).toBe(BROKEN);
  const [span] = recorded.spans.getFinishedSpans();
  expect(span).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: "broken" },
    attributes: {
      "finance.outcome": "failed",
      "finance.failure.domain": "platform",
      "error.type": "Error",
    },
  });
  expect(recorded.logs.getFinishedLogRecords()).toMatchObject([
    { severityText: "WARN", attributes: { "finance.outcome": "failed", "error.type": "Error" } },
  ]);
});

test("an object that has no text is thrown unchanged, too", async () => {
  using _ = recordTelemetry();
  const textless: unknown = Object.create(null);
  const run = () =>
    operation(PAY, () => {
      throw textless;
    });
  const caught: unknown = await Promise.resolve()
    .then(run)
    .catch((error: unknown) => error);
  expect(caught).toBe(textless);
});

const BROKEN = new Error("broken");
function fail(): never {
  throw BROKEN;
}

test("without a user, an operation that needs one does not run, and that is a security event", async () => {
  using recorded = recordTelemetry();
  let hasRun = false;
  const refused = () => operation({ ...PAY, requireUser: true }, () => (hasRun = true));
  expect(refused).toThrow(UserRequiredError);
  expect(hasRun).toBe(false);
  const events = await recorded.counted("finance.security.events", ["finance.security.severity"]);
  expect(events).toEqual({ high: 1 });
  expect(recorded.spans.getFinishedSpans()[0]?.status.code).toBe(SpanStatusCode.ERROR);
});

test("a synchronous operation gives its value at once, and so does one by `using`", async () => {
  using recorded = recordTelemetry();
  expect(operation(PAY, () => 7)).toBe(7);
  {
    using open = startOperation({ name: "quote" });
    open.breadcrumb("rate fetched");
  }
  expect(await recorded.series("finance.operation.duration", LABELS)).toEqual({
    "process_payment payment_processing completed": 1,
    "quote other completed": 1,
  });
});

test("as a decorator it keeps the method's receiver, arguments and result", async () => {
  using recorded = recordTelemetry();
  interface Service {
    fee: number;
    pay(amount: number): Promise<number>;
  }
  const service: Service = {
    fee: 2,
    // The test runner does not read decorators; this is what the compiler makes of one.
    pay: financialOperation(PAY)(function pay(this: Service, amount: number) {
      return Promise.resolve(amount + this.fee);
    }, {} as ClassMethodDecoratorContext<Service>),
  };
  expect(await service.pay(40)).toBe(42);
  expect(recorded.spans.getFinishedSpans().map(({ name }) => name)).toEqual(["process_payment"]);
});

test("outside of a unit of work, and without an SDK, nothing is recorded and nothing thrown", () => {
  wide.set({ "finance.payment.id": "pay_1" });
  expect(operation(PAY, () => 7)).toBe(7);
});
