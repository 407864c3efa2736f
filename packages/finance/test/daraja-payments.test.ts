import { SpanStatusCode } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { createPayments, operation } from "../src/index.ts";
import { client, PUSH } from "./daraja.ts";
import { type Answer, startDaraja, TOKEN } from "./daraja-server.ts";
import { collect, RAILS } from "./mpesa.ts";
import { recordTelemetry } from "./telemetry.ts";

test.each<[string, Answer, Record<string, string>, Record<string, number>]>([
  [
    "silence leaves it unknown",
    "reset",
    { "finance.outcome": "unknown", "finance.failure.domain": "network" },
    {},
  ],
  [
    "a known code is its failure, and a label",
    { status: 500, json: { errorCode: "500.003.02" } },
    {
      "finance.outcome": "failed",
      "finance.failure.domain": "provider",
      "finance.failure.code": "500.003.02",
    },
    { "500.003.02 provider": 1 },
  ],
  [
    "an unknown code is no label",
    { status: 500, json: { errorCode: "500.009.99" } },
    { "finance.outcome": "failed", "finance.failure.domain": "provider" },
    { "_other provider": 1 },
  ],
])("a payment whose work throws what the client threw: %s", async (_what, answer, span, counts) => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(({ route }) => (route === TOKEN ? undefined : answer));
  const { stkPush } = client(daraja.url);
  const payments = createPayments({ rails: RAILS });
  await expect(
    collect(payments, async (payment) => {
      await stkPush(PUSH);
      payment.transition("processing");
    }),
  ).rejects.toThrow(/stk_push/);
  const names = recorded.spans.getFinishedSpans().map(({ name }) => name);
  expect(names).toEqual(["safaricom token", "safaricom stk_push", "initiate collection"]);
  expect(recorded.spans.getFinishedSpans()[2]?.attributes).toMatchObject(span);
  const labels = ["finance.failure.code", "finance.failure.domain"];
  const failures = Object.entries(await recorded.series("finance.payment.failures", labels));
  expect(Object.fromEntries(failures.filter(([, count]) => count > 0))).toEqual(counts);
});

test.each([
  [{ outcome: "expired", domain: "customer", retriable: true }, "expired customer"],
  [{ outcome: "lost", domain: "customer", retriable: true }, "failed platform"],
  [{ outcome: "failed", domain: "nobody", retriable: true }, "failed platform"],
  ["unknown", "failed platform"],
])(
  "an error that says what it means by %j is believed when that is a failure",
  (failure, ended) => {
    using recorded = recordTelemetry();
    const fail = (): never => {
      throw Object.assign(new Error("no"), { failure });
    };
    expect(() => operation({ name: "quote" }, fail)).toThrow("no");
    const { attributes, status } = recorded.spans.getFinishedSpans()[0]!;
    const outcome = ["finance.outcome", "finance.failure.domain"].map((name) => attributes[name]);
    expect(outcome.join(" ")).toBe(ended);
    const isOurs = ended !== "expired customer";
    expect(status.code).toBe(isOurs ? SpanStatusCode.ERROR : SpanStatusCode.UNSET);
  },
);
