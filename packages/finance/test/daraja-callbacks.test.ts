import { money } from "@assay/semconv";
import { expect, test } from "vitest";
import { createPayments } from "../src/index.ts";
import {
  acceptC2b,
  readC2b,
  readQueuedResult,
  readStkCallback,
  refuseC2b,
  settle,
} from "../src/daraja/index.ts";
import { awaitsCallback, RAILS } from "./mpesa.ts";
import { sqlInMemory } from "./sql.ts";
import { recordTelemetry } from "./telemetry.ts";

const ITEMS = [
  `{"Name":"Amount","Value":1500.00}`,
  `{"Name":"MpesaReceiptNumber","Value":"NLJ7RT61SV"}`,
  `{"Name":"Balance"}`,
  `{"Name":"TransactionDate","Value":20191219102115}`,
  `{"Name":"PhoneNumber","Value":254708374149}`,
];
const stk = (items: string | undefined, code = "0", desc = "done"): string =>
  `{"Body":{"stkCallback":{"MerchantRequestID":"29115-34620561-1","CheckoutRequestID":"ws_CO_1","ResultCode":${code},"ResultDesc":"${desc}"${
    items === undefined ? "" : `,"CallbackMetadata":{"Item":${items}}`
  }}}}`;

test("a callback is read from text, bytes and a parsed body alike, in any order", () => {
  const expected = {
    finding: { by: "CheckoutRequestID", value: "ws_CO_1" },
    code: "0",
    isCompleted: true,
    details: {
      attributes: {
        "mpesa.checkout_request.id": "ws_CO_1",
        "mpesa.result.code": "0",
        "mpesa.receipt.number": "NLJ7RT61SV",
      },
    },
    checkoutRequestId: "ws_CO_1",
    merchantRequestId: "29115-34620561-1",
    amount: money("KES", 150_000n),
    receipt: "NLJ7RT61SV",
    transactedAt: new Date("2019-12-19T07:21:15Z"),
    phone: "254708374149",
  };
  for (const items of [ITEMS, ITEMS.toReversed()]) {
    const text = stk(`[${items.join()}]`);
    expect(readStkCallback(text)).toEqual(expected);
    expect(readStkCallback(Buffer.from(text))).toEqual(expected);
    expect(readStkCallback(JSON.parse(text))).toEqual(expected);
  }
});

test.each([
  ["no metadata", undefined],
  ["no list", "null"],
  ["an empty list", "[]"],
  ["lists of what they are not", `[null, 7, "x", {"Value":1}, {"Name":"Amount","Value":{"a":1}}]`],
])("a callback with %s has what is left", (_what, items) => {
  expect(readStkCallback(stk(items, "1032"))).toMatchObject({
    finding: { by: "CheckoutRequestID", value: "ws_CO_1" },
    code: "1032",
    isCompleted: false,
    amount: undefined,
    receipt: undefined,
    transactedAt: undefined,
    phone: undefined,
  });
});

test("one item without its list, and a code in quotes, are read too", () => {
  expect(readStkCallback(stk(ITEMS[0], `"0"`))).toMatchObject({
    code: "0",
    amount: money("KES", 150_000n),
  });
});

test.each([
  ["1", 100n],
  ["1.00", 100n],
  ["0.1", 10n],
  ["4503599627370.51", 450_359_962_737_051n],
  ["999999999999999.99", 99_999_999_999_999_999n],
  ["1.10000000000", 110n],
  ["-660.00", -66_000n],
  [`"250.50"`, 25_050n],
])("the amount %s is read as written, with no float in between", (written, minor) => {
  const items = `[{"Name":"Amount","Value":${written}}]`;
  expect(readStkCallback(stk(items))?.amount).toEqual(money("KES", minor));
});

test.each(["1.005", "1e3", "1e400", `"KES 5"`, `"NaN"`, "true", "[1]"])(
  "the amount %s is nobody's guess",
  (written) => {
    const items = `[{"Name":"Amount","Value":${written}}]`;
    expect(readStkCallback(stk(items))).toMatchObject({ code: "0", amount: undefined });
  },
);

test.each([
  ["nothing", undefined],
  ["null", null],
  ["an empty text", ""],
  ["no JSON", "<xml/>"],
  ["a list", "[]"],
  ["another callback", `{"Result":{}}`],
  ["no id", `{"Body":{"stkCallback":{"ResultCode":0}}}`],
  ["no code", `{"Body":{"stkCallback":{"CheckoutRequestID":"ws_CO_1"}}}`],
  ["a code that is none", stk(undefined, `"254708374149"`)],
  ["an id that nobody writes", stk("[]").replace("ws_CO_1", "x".repeat(3_000))],
])("%s is no callback, and nothing is thrown", (_what, body) => {
  expect([readStkCallback(body), readQueuedResult(body), readC2b(body)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("a callback settles its payment by the failure catalogue, with its receipt on the span", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const settled = readStkCallback(stk(`[${ITEMS.join()}]`))!;
  const resumed = await payments.resume(settled.finding, settled, async (payment, result) =>
    settle(payment, result),
  );
  expect(resumed).toEqual({ status: "resumed", value: true });
  const again = await payments.resume(settled.finding, settled, async (payment, result) =>
    settle(payment, result),
  );
  expect(again).toEqual({ status: "duplicate" });
  const [, span] = recorded.spans.getFinishedSpans();
  expect(span?.attributes).toMatchObject({
    "finance.payment.status": "completed",
    "mpesa.receipt.number": "NLJ7RT61SV",
  });
  const seen = JSON.stringify(
    recorded.spans.getFinishedSpans().map(({ attributes }) => attributes),
  );
  expect(seen).not.toContain("254708374149");
});

test("a cancelled push is the customer's own, and the code on the span is Daraja's", async () => {
  using recorded = recordTelemetry();
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const cancelled = readStkCallback(stk(undefined, "1032"))!;
  await payments.resume(cancelled.finding, cancelled, async (payment, result) =>
    settle(payment, result),
  );
  expect(recorded.spans.getFinishedSpans()[1]?.attributes).toMatchObject({
    "finance.outcome": "cancelled",
    "finance.failure.domain": "customer",
    "finance.failure.code": "1032",
  });
});

const queued = (parameters: string, code: number | string = 0): string =>
  `{"Result":{"ResultType":0,"ResultCode":${code},"ResultDesc":"The service request is processed.","OriginatorConversationID":"10571-7910404-1","ConversationID":"AG_20191219_00004e48cf7e3533f581","TransactionID":"NLJ41HAY6Q","ResultParameters":{"ResultParameter":${parameters}},"ReferenceData":{"ReferenceItem":{"Key":"QueueTimeoutURL","Value":"https://shop.example"}}}}`;

test("the result of a payout is read, with its amounts as written", () => {
  const parameters = `[
    {"Key":"ReceiverPartyPublicName","Value":"254708374149 - John Doe"},
    {"Key":"TransactionCompletedDateTime","Value":"19.12.2019 11:45:50"},
    {"Key":"B2CUtilityAccountAvailableFunds","Value":8959269.60},
    {"Key":"TransactionReceipt","Value":"NLJ41HAY6Q"},
    {"Key":"DebitPartyCharges"},
    {"Key":"TransactionAmount","Value":10}]`;
  const result = readQueuedResult(queued(parameters));
  expect(result).toMatchObject({
    finding: { by: "OriginatorConversationID", value: "10571-7910404-1" },
    code: "0",
    isCompleted: true,
    details: {
      attributes: {
        "mpesa.conversation.id": "AG_20191219_00004e48cf7e3533f581",
        "mpesa.originator_conversation.id": "10571-7910404-1",
        "mpesa.receipt.number": "NLJ41HAY6Q",
        "mpesa.result.code": "0",
      },
    },
    receipt: "NLJ41HAY6Q",
    amount: money("KES", 1_000n),
    completedAt: new Date("2019-12-19T08:45:50Z"),
    balances: [],
  });
  expect(result?.parameters.get("B2CUtilityAccountAvailableFunds")).toBe("8959269.60");
});

test("a payout that failed has a code of its API and no parameters", () => {
  const failed = queued("[]", 2001).replace(/,"ResultParameters":.*?\},"Ref/, ',"Ref');
  expect(readQueuedResult(failed)).toMatchObject({
    code: "2001",
    isCompleted: false,
    amount: undefined,
  });
  const nameless = failed.replace(/"OriginatorConversationID":"[^"]*",/, "");
  expect(readQueuedResult(nameless)?.finding).toEqual({
    by: "ConversationID",
    value: "AG_20191219_00004e48cf7e3533f581",
  });
});

test("the answer to a question about a transaction completes a payment only when the transaction is completed", async () => {
  const status = (value: string) =>
    readQueuedResult(
      queued(
        `[{"Key":"TransactionStatus","Value":"${value}"},{"Key":"ReceiptNo","Value":"NLJ0000001"},{"Key":"Amount","Value":10.00},{"Key":"FinalisedTime","Value":20191219114550}]`,
      ),
    )!;
  expect(status("Completed")).toMatchObject({
    isCompleted: true,
    receipt: "NLJ0000001",
    amount: money("KES", 1_000n),
    completedAt: new Date("2019-12-19T08:45:50Z"),
  });
  const sql = sqlInMemory();
  const payments = createPayments({ rails: RAILS, sql });
  await awaitsCallback(payments, sql);
  const finding = { by: "CheckoutRequestID", value: "ws_CO_1" };
  const states: unknown[] = [];
  for (const value of ["Authorized", "Completed"]) {
    await payments.resume(finding, status(value), async (payment, result) => {
      states.push([settle(payment, result), payment.status]);
    });
  }
  expect(states).toEqual([
    [false, "processing"],
    [true, "completed"],
  ]);
});

test("balances are read with their signs, as one parameter without its list too", () => {
  const balance = `{"Key":"AccountBalance","Value":"Working Account|KES|46713.00|46000.50|712.50|0.00&Charges Paid Account|KES|-220.00|-220.00|0.00|0.00&Junk&Dollar Account|USD|1|1|0|0"}`;
  expect(readQueuedResult(queued(balance))?.balances).toEqual([
    {
      account: "Working Account",
      current: money("KES", 4_671_300n),
      available: money("KES", 4_600_050n),
    },
    {
      account: "Charges Paid Account",
      current: money("KES", -22_000n),
      available: money("KES", -22_000n),
    },
  ]);
});

test("a customer's own payment is read without names, and answered", () => {
  const body = `{"TransactionType":"Pay Bill","TransID":"RKTQDM7W6S","TransTime":"20191122063845","TransAmount":"10","BusinessShortCode":"600638","BillRefNumber":"INV-17","InvoiceNumber":"","OrgAccountBalance":"49197.00","ThirdPartyTransID":"","MSISDN":"2547*****149","FirstName":"canary-first","MiddleName":"","LastName":"canary-last"}`;
  const read = readC2b(body);
  expect(read).toEqual({
    transactionId: "RKTQDM7W6S",
    amount: money("KES", 1_000n),
    shortcode: "600638",
    reference: "INV-17",
    transactedAt: new Date("2019-11-22T03:38:45Z"),
    phone: "2547*****149",
    thirdPartyId: undefined,
    attributes: { "mpesa.receipt.number": "RKTQDM7W6S" },
  });
  expect(readC2b(JSON.parse(body))).toEqual(read);
  expect(JSON.stringify(read)).not.toContain("canary");
  expect([acceptC2b(), acceptC2b("ours-1"), refuseC2b("C2B00012")]).toEqual([
    { ResultCode: "0", ResultDesc: "Accepted" },
    { ResultCode: "0", ResultDesc: "Accepted", ThirdPartyTransID: "ours-1" },
    { ResultCode: "C2B00012", ResultDesc: "Rejected" },
  ]);
});
