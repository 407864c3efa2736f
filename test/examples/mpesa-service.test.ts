import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { runJourney } from "../../examples/mpesa-mcp/src/journey.ts";
import { scenarios } from "../../examples/mpesa-mcp/src/scenarios.ts";
import { startPostgres, type Postgres } from "../support/postgres.ts";
import { spawnService } from "../support/process.ts";
import { FILE, type ServiceRig, startServiceRig } from "./service-rig.ts";

test("without the preload the service takes every scenario to its end and stops on SIGTERM", async () => {
  await using rig = await startRig();
  const journey = await runJourney({ serviceUrl: rig.url });
  expect(journey.map(({ scenario, status }) => ({ scenario, status }))).toEqual(
    scenarios.map(({ name, status }) => ({ scenario: name, status })),
  );
  expect(await rig.service.stop()).toEqual({ code: 0, signal: null });
  expect(rig.service.output()).toBe(`service listening on ${rig.url}\n`);
});

test("a repeated idempotency key answers with the same payment and asks the customer once", async () => {
  await using rig = await startRig();
  const key = randomUUID();
  const body = { phone: "254712345601", amount: "10", reference: "INV-1" };
  const answers = [
    await rig.post(body, key),
    await rig.post(body, key),
    await rig.post({ ...body, amount: "11" }, key),
  ];
  expect(answers).toMatchObject([
    { status: 202, body: { amountMinor: 1000 } },
    { status: 200, body: { id: answers[0]?.body.id } },
    { status: 409, body: { code: "PAYMENT_KEY_REUSED" } },
  ]);
  expect(rig.daraja.received.filter(({ path }) => path.includes("processrequest"))).toHaveLength(1);
});

test("ten payments at once need one access token", async () => {
  await using rig = await startRig();
  const body = { phone: "254712345601", amount: "10", reference: "" };
  await Promise.all(Array.from({ length: 10 }, () => rig.post(body, randomUUID())));
  expect(rig.daraja.received.filter(({ path }) => path.includes("oauth"))).toHaveLength(1);
});

test("a Daraja that is away fails the payment and not the service", async () => {
  await using rig = await startRig();
  await rig.daraja[Symbol.asyncDispose]();
  const body = { phone: "254712345601", amount: "10", reference: "" };
  const answer = await rig.post(body, randomUUID());
  expect(answer).toMatchObject({ status: 502, body: { code: "DARAJA_UNREACHABLE" } });
  const found = await rig.get(`/payments/${String(answer.body.paymentId)}`);
  expect(found.body).toMatchObject({ status: "failed", failureDomain: "network" });
});

test("a callback that nobody waits for is accepted and changes nothing", async () => {
  await using rig = await startRig();
  const answer = await rig.post(
    { Body: { stkCallback: { CheckoutRequestID: "ws_CO_1", ResultCode: 0 } } },
    randomUUID(),
    { path: `/callbacks/daraja/pay_${randomUUID()}` },
  );
  expect(answer).toMatchObject({ status: 200, body: { ResultCode: 0 } });
});

test.each([
  [{ phone: "0712345601", amount: "10" }, "The phone is not a Kenyan mobile number"],
  [{ phone: "254712345601", amount: "10.50" }, "M-Pesa takes whole shillings only"],
  [{ phone: "254712345601" }, "Send either amount"],
])("answers %j with 400 and one sentence", async (body, sentence) => {
  await using rig = await startRig();
  const answer = await rig.post(body, randomUUID());
  expect(answer).toMatchObject({
    status: 400,
    body: { code: "PAYMENT_INVALID", message: expect.stringContaining(sentence) },
  });
});

test.each([
  [{}, "SERVICE_CONFIG: DATABASE_URL is not set; use postgres://"],
  [{ DATABASE_URL: "nonsense" }, "SERVICE_CONFIG: DATABASE_URL is not a URL; use postgres://"],
  [
    { DATABASE_URL: "postgres://x@127.0.0.1:1/x", DARAJA_URL: "http://127.0.0.1:1", PORT: "x" },
    'SERVICE_CONFIG: PORT is "x"; use a whole number',
  ],
  [
    { DATABASE_URL: "postgres://x@127.0.0.1:1/x", DARAJA_URL: "http://127.0.0.1:1" },
    "SERVICE_CONFIG: DATABASE_URL does not lead to a PostgreSQL that holds us to our tenant",
  ],
])("with %j it says one sentence and ends with 1", async (env, sentence) => {
  await using service = await spawnService({
    name: "The service",
    command: process.execPath,
    args: [FILE],
    env: { DATABASE_URL: undefined, DARAJA_URL: undefined, PORT: undefined, ...env },
  });
  expect(await service.exited).toEqual({ code: 1, signal: null });
  expect(service.output()).toContain(sentence);
});

let shared: Promise<Postgres> | undefined;
afterAll(async () => (await shared)?.stop());

async function startRig(): Promise<ServiceRig> {
  return await startServiceRig(await (shared ??= startPostgres()));
}
