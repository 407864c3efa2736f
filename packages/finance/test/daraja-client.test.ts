import { SpanStatusCode } from "@opentelemetry/api";
import { money } from "@assay/semconv";
import { expect, test } from "vitest";
import { createDaraja, DarajaError } from "../src/daraja/index.ts";
import { CANARIES, client, durations, PUSH, PUSH_ROUTE, seen, URLS } from "./daraja.ts";
import { CONSUMER, SHORTCODE, startDaraja, TOKEN } from "./daraja-server.ts";
import { recordTelemetry } from "./telemetry.ts";

test("a push asks for whole shillings with a password of its moment, and names what the callback will name", async () => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => undefined);
  const accepted = await client(daraja.url).stkPush(PUSH);
  expect(accepted).toEqual({
    checkoutRequestId: "ws_CO_191220191020363925",
    merchantRequestId: "29115-34620561-1",
    references: { CheckoutRequestID: "ws_CO_191220191020363925" },
  });
  const { body, headers } = daraja.calls()[0]!;
  const timestamp = String(body["Timestamp"]);
  expect(timestamp).toMatch(/^20\d{12}$/);
  expect(body).toEqual({
    BusinessShortCode: SHORTCODE,
    Password: Buffer.from(`${SHORTCODE}canary-passkey${timestamp}`).toString("base64"),
    Timestamp: timestamp,
    TransactionType: "CustomerPayBillOnline",
    Amount: 1500,
    PartyA: "254700000001",
    PartyB: SHORTCODE,
    PhoneNumber: "254700000001",
    CallBackURL: PUSH.callbackUrl,
    AccountReference: "INV-17",
    TransactionDesc: "Payment",
  });
  expect(headers).toMatchObject({ authorization: "Bearer canary-token-1" });

  const [token, push] = recorded.spans.getFinishedSpans();
  expect(push).toMatchObject({
    name: "safaricom stk_push",
    status: { code: SpanStatusCode.UNSET },
    events: [],
    attributes: {
      "finance.provider.name": "safaricom",
      "finance.provider.operation.name": "stk_push",
      "finance.outcome": "completed",
      "mpesa.flow": "stk_push",
      "mpesa.command.id": "CustomerPayBillOnline",
      "mpesa.shortcode": SHORTCODE,
      "mpesa.checkout_request.id": "ws_CO_191220191020363925",
      "mpesa.merchant_request.id": "29115-34620561-1",
    },
  });
  expect([token?.name, token?.parentSpanContext?.spanId]).toEqual([
    "safaricom token",
    push?.spanContext().spanId,
  ]);
  expect(await durations(recorded)).toEqual({
    "safaricom token completed - -": 1,
    "safaricom stk_push completed - -": 1,
  });
  expect(seen(recorded)).not.toMatch(CANARIES);
});

test.each<[string, Partial<typeof PUSH>, string]>([
  [
    "a fraction of a shilling",
    { amount: money("KES", 1_050n) },
    "the amount is KES 10.50; Daraja takes whole shillings, so round it before",
  ],
  ["nothing", { amount: money("KES", 0n) }, "the amount is KES 0.00; Daraja takes KES 1 or more"],
  ["another currency", { amount: money("USD", 100n) }, "the amount is in USD; Daraja takes KES"],
  ["a float", { amount: 1500 as never }, 'the amount is no Money; write money("KES", 150_000n)'],
  [
    "a number from here",
    { phone: "0700000001" },
    "the phone number is not as Daraja takes it; write 254 and nine digits",
  ],
  [
    "a reference that would be cut",
    { reference: "INVOICE-00017" },
    "the reference has 13 characters; Daraja takes 1 to 12",
  ],
])("a push of %s is refused in a sentence, and nothing is sent", async (_what, wrong, sentence) => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => undefined);
  const error: unknown = await client(daraja.url)
    .stkPush({ ...PUSH, ...wrong })
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "DARAJA_REQUEST",
    message: sentence,
    failure: { outcome: "failed", domain: "platform", retriable: false },
  });
  expect(daraja.received).toEqual([]);
  expect(await durations(recorded)).toEqual({
    "safaricom stk_push failed platform DARAJA_REQUEST": 1,
  });
  expect(seen(recorded, [error])).not.toMatch(CANARIES);
});

test("what is not configured is refused in a sentence", async () => {
  const daraja = createDaraja({ baseUrl: "http://localhost", ...CONSUMER, shortcode: SHORTCODE });
  await expect(daraja.stkPush(PUSH)).rejects.toThrow("there is no passkey; give createDaraja one");
  await expect(daraja.accountBalance(URLS)).rejects.toThrow(
    "there is no initiator; give createDaraja one",
  );
});

test("100 calls whose token is refused get one new token, and each is sent again once", async () => {
  await using daraja = await startDaraja(({ headers }) =>
    headers.authorization === "Bearer canary-token-1"
      ? { status: 401, json: { errorCode: "404.001.03", errorMessage: "Invalid Access Token" } }
      : undefined,
  );
  const { stkPush } = client(daraja.url);
  const accepted = await Promise.all(Array.from({ length: 100 }, () => stkPush(PUSH)));
  expect(accepted).toHaveLength(100);
  expect(daraja.tokens).toEqual(["canary-token-1", "canary-token-2"]);
  const sent = daraja.calls().map(({ headers }) => headers.authorization);
  expect([sent.length, sent.filter((each) => each === "Bearer canary-token-2").length]).toEqual([
    200, 100,
  ]);
});

test("a token that is refused twice is a failure of ours, and the next call tries with another one", async () => {
  await using daraja = await startDaraja(({ route, headers }) =>
    route !== TOKEN && headers.authorization !== "Bearer canary-token-3"
      ? { status: 404, json: { errorCode: "404.001.03" } }
      : undefined,
  );
  const { stkPush } = client(daraja.url);
  await expect(stkPush(PUSH)).rejects.toMatchObject({
    code: "DARAJA_REFUSED",
    providerCode: "404.001.03",
    httpStatus: 404,
    failure: { outcome: "failed", domain: "platform", retriable: false, code: "404.001.03" },
  });
  // The second of them is still held: it is the next 404 that drops it.
  expect(await stkPush(PUSH)).toMatchObject({ merchantRequestId: "29115-34620561-1" });
  expect(daraja.calls()).toHaveLength(4);
});

const REFUSED = { outcome: "failed", domain: "provider", retriable: true };
test.each<[string, Parameters<typeof startDaraja>[0], object, string]>([
  [
    "Daraja is busy",
    () => ({
      status: 500,
      json: { errorCode: "500.003.02", errorMessage: "System is busy 254700000001" },
    }),
    {
      code: "DARAJA_REFUSED",
      failure: { ...REFUSED, code: "500.003.02" },
      providerCode: "500.003.02",
      httpStatus: 500,
    },
    "failed provider DARAJA_REFUSED",
  ],
  [
    "Daraja has a code that nobody knows",
    () => ({ status: 503, json: { errorCode: "503.009.99" } }),
    { failure: REFUSED, providerCode: "503.009.99" },
    "failed provider DARAJA_REFUSED",
  ],
  [
    "the request is wrong",
    () => ({
      status: 400,
      json: { errorCode: "400.002.02", errorMessage: "Invalid 254700000001" },
    }),
    { failure: { outcome: "failed", domain: "platform", retriable: false, code: "400.002.02" } },
    "failed platform DARAJA_REFUSED",
  ],
  [
    "200 says no",
    () => ({ json: { ResponseCode: "1", ResponseDescription: "Rejected 254700000001" } }),
    { failure: { outcome: "failed", domain: "customer", retriable: false, code: "1" } },
    "failed customer DARAJA_REFUSED",
  ],
  [
    "there were too many",
    () => ({ status: 429, headers: { "retry-after": "7" }, text: "" }),
    { failure: { outcome: "failed", domain: "platform", retriable: true }, retryAfterSeconds: 7 },
    "failed platform DARAJA_REFUSED",
  ],
  [
    "it is sent elsewhere",
    () => ({ status: 307, headers: { location: "http://127.0.0.1:1/canary" }, text: "" }),
    { failure: { outcome: "failed", domain: "platform", retriable: false }, httpStatus: 307 },
    "failed platform DARAJA_REFUSED",
  ],
  [
    "a code that is a phone number",
    () => ({ status: 400, json: { errorCode: "254700000001" } }),
    {
      failure: { outcome: "failed", domain: "platform", retriable: false },
      providerCode: undefined,
    },
    "failed platform DARAJA_REFUSED",
  ],
  [
    "a gateway answers",
    () => ({ status: 504, text: "<html>canary</html>" }),
    { code: "DARAJA_SILENT", failure: { outcome: "unknown", domain: "network", retriable: false } },
    "unknown network DARAJA_SILENT",
  ],
  [
    "the answer is no JSON",
    () => ({ text: "canary" }),
    { code: "DARAJA_SILENT", failure: { outcome: "unknown" } },
    "unknown network DARAJA_SILENT",
  ],
  [
    "the answer names no request",
    () => ({ json: { ResponseCode: "0" } }),
    { code: "DARAJA_SILENT", failure: { outcome: "unknown" } },
    "unknown network DARAJA_SILENT",
  ],
  [
    "the connection ends",
    () => "reset",
    { code: "DARAJA_SILENT", failure: { outcome: "unknown", domain: "network" } },
    "unknown network DARAJA_SILENT",
  ],
  [
    "nobody answers in time",
    () => "hang",
    { code: "DARAJA_SILENT", failure: { outcome: "unknown", domain: "network" } },
    "unknown network DARAJA_SILENT",
  ],
])("when %s, a push ends so", async (_what, answer, expected, series) => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja((received, at) =>
    received.route === PUSH_ROUTE ? answer(received, at) : undefined,
  );
  const { stkPush } = client(daraja.url, { timeoutMs: 200 });
  const error: unknown = await stkPush(PUSH).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(DarajaError);
  expect(error).toMatchObject({ operation: "stk_push", ...expected });
  expect(daraja.calls()).toHaveLength(1);
  expect(await durations(recorded)).toEqual({
    "safaricom token completed - -": 1,
    [`safaricom stk_push ${series}`]: 1,
  });
  const isOurs = !series.includes("customer");
  const push = recorded.spans.getFinishedSpans().at(-1);
  expect(push?.status.code).toBe(isOurs ? SpanStatusCode.ERROR : SpanStatusCode.UNSET);
  expect(push?.events).toEqual([]);
  expect(seen(recorded, [error])).not.toMatch(CANARIES);
});

test("without a token nothing else was sent, so a push has failed and is not unknown", async () => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => "hang");
  const { stkPush } = client(daraja.url, { timeoutMs: 50 });
  await expect(stkPush(PUSH)).rejects.toMatchObject({
    code: "DARAJA_SILENT",
    operation: "token",
    failure: { outcome: "failed", domain: "network", retriable: true },
  });
  expect(await durations(recorded)).toEqual({
    "safaricom token failed network DARAJA_SILENT": 1,
    "safaricom stk_push failed network DARAJA_SILENT": 1,
  });
});

test("an error of the fetch that is given shows nothing of the request", async () => {
  const fetch = (_url: unknown, init: RequestInit): never => {
    throw Object.assign(new Error(`failed: ${JSON.stringify(init)}`), { config: init });
  };
  const error: unknown = await client("http://localhost", { fetch: fetch as never })
    .stkPush(PUSH)
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toBe("DarajaError: Daraja did not answer token (Error)");
  expect(
    Object.entries(error as object)
      .flat()
      .join(" "),
  ).not.toMatch(CANARIES);
});
