import { constants, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { money } from "@assay/semconv";
import { expect, test } from "vitest";
import {
  type Daraja,
  type DarajaError,
  darajaTimestamp,
  securityCredential,
} from "../src/daraja/index.ts";
import { CANARIES, client, durations, seen, URLS } from "./daraja.ts";
import { SHORTCODE, startDaraja, TOKEN } from "./daraja-server.ts";
import { recordTelemetry } from "./telemetry.ts";

test("a query tells how a push ended, and nothing while the customer has not answered", async () => {
  using recorded = recordTelemetry();
  const answers = [
    {
      status: 500,
      json: { errorCode: "500.001.1001", errorMessage: "The transaction is being processed" },
    },
    { json: { ResponseCode: "0", ResultCode: "4999", ResultDesc: "still under processing" } },
    {
      json: {
        ResponseCode: "0",
        CheckoutRequestID: "ws_CO_1",
        ResultCode: "1032",
        ResultDesc: "Cancelled",
      },
    },
    { json: { ResponseCode: "0", ResultCode: 0 } },
    {
      status: 500,
      json: { errorCode: "500.001.1001", errorMessage: "[MerchantValidate] - Wrong credentials" },
    },
  ];
  await using daraja = await startDaraja(({ route }, at) =>
    route === TOKEN ? undefined : answers[at - 1],
  );
  const { stkQuery } = client(daraja.url);
  expect([await stkQuery("ws_CO_1"), await stkQuery("ws_CO_1")]).toEqual([undefined, undefined]);
  const finding = { by: "CheckoutRequestID", value: "ws_CO_1" };
  expect(await stkQuery("ws_CO_1")).toMatchObject({ finding, code: "1032", isCompleted: false });
  expect(await stkQuery("ws_CO_1")).toMatchObject({ finding, code: "0", isCompleted: true });
  await expect(stkQuery("ws_CO_1")).rejects.toMatchObject({ code: "DARAJA_REFUSED" });
  expect(await durations(recorded)).toEqual({
    "safaricom token completed - -": 1,
    "safaricom stk_query completed - -": 4,
    "safaricom stk_query failed provider DARAJA_REFUSED": 1,
  });
  expect(seen(recorded)).not.toMatch(CANARIES);
});

test("a question that is not answered leaves a payment unknown, whatever is in the way", async () => {
  await using refusing = await startDaraja(({ route }) =>
    route === TOKEN ? undefined : { status: 400, json: { errorCode: "400.002.02" } },
  );
  await using away = await startDaraja(() => undefined);
  await away[Symbol.asyncDispose]();
  const failures = [];
  for (const [url, call] of [
    [refusing.url, (daraja: Daraja) => daraja.stkQuery("ws_CO_1")],
    [
      refusing.url,
      (daraja: Daraja) => daraja.transactionStatus({ ...URLS, transactionId: "NLJ41HAY6Q" }),
    ],
    [away.url, (daraja: Daraja) => daraja.stkQuery("ws_CO_1")],
    [away.url, (daraja: Daraja) => daraja.transactionStatus(URLS)],
  ] as const) {
    const error: unknown = await call(client(url)).catch((thrown: unknown) => thrown);
    const { code, failure, call: ended } = error as DarajaError;
    failures.push([code, failure.outcome, failure.domain, ended.outcome]);
  }
  expect(failures).toEqual([
    ["DARAJA_REFUSED", "unknown", "platform", "failed"],
    ["DARAJA_REFUSED", "unknown", "platform", "failed"],
    ["DARAJA_UNREACHABLE", "unknown", "network", "failed"],
    ["DARAJA_REQUEST", "unknown", "platform", "failed"],
  ]);
});

const INITIATOR = { SecurityCredential: "canary-security-credential" };
const TOLD = { ResultURL: URLS.resultUrl, QueueTimeOutURL: URLS.timeoutUrl };
test.each<[string, (daraja: Daraja) => Promise<unknown>, string, object]>([
  [
    "b2c",
    ({ b2c }) =>
      b2c({
        ...URLS,
        amount: money("KES", 1_000n),
        phone: "254700000001",
        originatorConversationId: "payout-1",
        remarks: "Refund",
        occasion: "May",
      }),
    "POST /mpesa/b2c/v3/paymentrequest",
    {
      OriginatorConversationID: "payout-1",
      InitiatorName: "canary-initiator",
      ...INITIATOR,
      CommandID: "BusinessPayment",
      Amount: 10,
      PartyA: SHORTCODE,
      PartyB: "254700000001",
      Remarks: "Refund",
      Occasion: "May",
      ...TOLD,
    },
  ],
  [
    "transaction_status",
    ({ transactionStatus }) => transactionStatus({ ...URLS, originatorConversationId: "payout-1" }),
    "POST /mpesa/transactionstatus/v1/query",
    {
      Initiator: "canary-initiator",
      ...INITIATOR,
      CommandID: "TransactionStatusQuery",
      OriginatorConversationID: "payout-1",
      PartyA: SHORTCODE,
      IdentifierType: "4",
      Remarks: "TransactionStatusQuery",
      Occasion: "",
      ...TOLD,
    },
  ],
  [
    "reversal",
    ({ reversal }) =>
      reversal({ ...URLS, transactionId: "NLJ41HAY6Q", amount: money("KES", 1_000n) }),
    "POST /mpesa/reversal/v1/request",
    {
      Initiator: "canary-initiator",
      ...INITIATOR,
      CommandID: "TransactionReversal",
      TransactionID: "NLJ41HAY6Q",
      Amount: 10,
      ReceiverParty: SHORTCODE,
      RecieverIdentifierType: "11",
      Remarks: "TransactionReversal",
      Occasion: "",
      ...TOLD,
    },
  ],
  [
    "account_balance",
    ({ accountBalance }) => accountBalance(URLS),
    "POST /mpesa/accountbalance/v1/query",
    {
      Initiator: "canary-initiator",
      ...INITIATOR,
      CommandID: "AccountBalance",
      PartyA: SHORTCODE,
      IdentifierType: "4",
      Remarks: "AccountBalance",
      Occasion: "",
      ...TOLD,
    },
  ],
])("%s is taken and names what its result will name", async (operation, call, route, body) => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => undefined);
  const ids = {
    ConversationID: "AG_20191219_00005797af5d7d75f652",
    OriginatorConversationID: "16740-34861180-1",
  };
  expect(await call(client(daraja.url))).toEqual({
    conversationId: ids.ConversationID,
    originatorConversationId: ids.OriginatorConversationID,
    references: ids,
  });
  expect(daraja.calls()).toMatchObject([{ route, body }]);
  expect(Object.keys(daraja.calls()[0]!.body).toSorted()).toEqual(Object.keys(body).toSorted());
  expect(await durations(recorded)).toMatchObject({ [`safaricom ${operation} completed - -`]: 1 });
  expect(seen(recorded)).not.toMatch(CANARIES);
});

test("the URLs of customers' own payments are registered", async () => {
  await using daraja = await startDaraja(({ route }) =>
    route === TOKEN
      ? undefined
      : { json: { ResponseCode: "00000000", ResponseDescription: "Success" } },
  );
  const urls = {
    confirmationUrl: "https://shop.example/c",
    validationUrl: "https://shop.example/v",
  };
  await client(daraja.url).registerC2b({ ...urls, whenSilent: "refuse" });
  expect(daraja.calls().map(({ route, body }) => [route, body])).toEqual([
    [
      "POST /mpesa/c2b/v2/registerurl",
      {
        ShortCode: SHORTCODE,
        ResponseType: "Cancelled",
        ConfirmationURL: urls.confirmationUrl,
        ValidationURL: urls.validationUrl,
      },
    ],
  ]);
});

test("a security credential is the password as only Safaricom reads it, and a moment is East Africa's", () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" });
  const secret = Buffer.from(securityCredential("canary-password", pem), "base64");
  const padding = constants.RSA_PKCS1_PADDING;
  const read = privateDecrypt({ key: privateKey, padding }, secret);
  expect(read.toString()).toBe("canary-password");
  expect(darajaTimestamp(new Date("2026-11-24T21:30:05Z"))).toBe("20261125003005");
});
