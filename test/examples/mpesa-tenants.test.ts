import { randomUUID } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as PostgresClient } from "pg";
import { afterAll, expect, test } from "vitest";
import { migrate } from "../../examples/mpesa-mcp/src/migrate.ts";
import { startRig } from "../../examples/mpesa-mcp/src/rig.ts";
import { TENANTS } from "../../examples/mpesa-mcp/src/tenants.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { type Postgres, startPostgres } from "../support/postgres.ts";
import { spawnService } from "../support/process.ts";
import { FILE, startServiceRig } from "./service-rig.ts";

const [FIRST, SECOND] = TENANTS as [(typeof TENANTS)[number], (typeof TENANTS)[number]];
// Of the tests that do not look at all rows.
let shared: Promise<Postgres> | undefined;
afterAll(async () => (await shared)?.stop());

const BODY = { phone: "254712345601", amount: "10", reference: "INV-1" };

test("a payment of another tenant is refused, counted and a security event that names both", async () => {
  await using receiver = await startOtlpReceiver();
  await using rig = await startRig({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    RECONCILE_EVERY_MS: "0",
  });
  const created = await fetch(`${rig.serviceUrl}/payments`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${FIRST.apiKey}`,
      "content-type": "application/json",
      "idempotency-key": randomUUID(),
    },
    body: JSON.stringify(BODY),
  });
  const { id } = (await created.json()) as { id: string };
  const refused = await fetch(`${rig.serviceUrl}/payments/${id}`, {
    headers: { authorization: `Bearer ${SECOND.apiKey}` },
  });
  expect({ status: refused.status, body: await refused.json() }).toEqual({
    status: 403,
    body: {
      code: "TENANT_MISMATCH",
      message: "No: the payment belongs to another tenant than the caller's.",
    },
  });

  const log = await receiver.waitForLog(
    ({ eventName }) => eventName === "finance.tenant.isolation_denied",
  );
  expect(log.attributes).toMatchObject({
    "finance.tenant.id": SECOND.id,
    "finance.tenant.target.id": FIRST.id,
    "finance.resource.type": "payment",
    "finance.security.action": "denied",
  });
  const asked = await receiver.waitForSpan(
    ({ traceId, kind }) => traceId === log.traceId && kind === 2,
  );
  expect(asked.attributes).toMatchObject({
    "finance.tenant.id": SECOND.id,
    "finance.tenant.tier": SECOND.tier,
    "http.response.status_code": 403,
  });
  const violations = await receiver.waitForMetric(
    ({ name, points }) =>
      name === "finance.tenant.isolation.violations" && points.some(({ value = 0 }) => value > 0),
  );
  expect(violations.points.map(({ value }) => value)).toEqual([1]);
});

test("the service's own role sees no other tenant's rows, whatever it asks for", async () => {
  await using postgres = await startPostgres();
  await using rig = await startServiceRig(postgres);
  const first = await rig.post(BODY, "key", { apiKey: FIRST.apiKey });
  const second = await rig.post(BODY, "key", { apiKey: SECOND.apiKey });
  // The same key of two tenants is two payments.
  expect([first.status, second.status]).toEqual([202, 202]);

  const client = new PostgresClient({ connectionString: rig.databaseUrl });
  await client.connect();
  const seenBy = async (tenant: string) => {
    await client.query("begin");
    await client.query("select set_config('app.tenant_id', $1, true)", [tenant]);
    const { rows } = await client.query<{ id: string }>("select id from payments");
    const kept = await client.query<{ id: string }>(
      "select payment_id as id from finance_payment_checkpoints",
    );
    const { rowCount: changed } = await client.query(
      "update payments set status = 'completed' where id = $1",
      [first.body.id],
    );
    await client.query("rollback");
    return { rows: rows.map(({ id }) => id), kept: kept.rows.map(({ id }) => id), changed };
  };
  try {
    expect(await seenBy(FIRST.id)).toEqual({
      rows: [first.body.id],
      kept: [first.body.id],
      changed: 1,
    });
    expect(await seenBy(SECOND.id)).toEqual({
      rows: [second.body.id],
      kept: [second.body.id],
      changed: 0,
    });
    expect(await seenBy("")).toEqual({ rows: [], kept: [], changed: 0 });
    await expect(client.query("select * from tenants")).rejects.toThrow("permission denied");
    await expect(client.query("select * from api_keys")).rejects.toThrow("permission denied");
    await client.query(`begin; set local app.tenant_id = '${SECOND.id}'`);
    await expect(client.query("update payments set tenant_id = $1", [FIRST.id])).rejects.toThrow(
      "row-level security",
    );
  } finally {
    await client.end();
  }
});

test("a key that no tenant has is 401, and so is none", async () => {
  const postgres = await (shared ??= startPostgres());
  await using rig = await startServiceRig(postgres);
  const refusal = { status: 401, body: { code: "API_KEY_UNKNOWN" } };
  expect(await rig.post(BODY, randomUUID(), { apiKey: "guessed" })).toMatchObject(refusal);
  expect(await rig.get("/payments/pay_1", "")).toMatchObject(refusal);
  expect(rig.daraja.received).toEqual([]);
});

test("a tenant that asks too often is told when it may again, and another one is not held up", async () => {
  const postgres = await (shared ??= startPostgres());
  await using rig = await startServiceRig(postgres, { REQUESTS_PER_MINUTE: "1" });
  const ask = ({ apiKey }: { apiKey: string }) =>
    fetch(`${rig.url}/payments/pay_1`, { headers: { authorization: `Bearer ${apiKey}` } });
  const [first, again, other] = [await ask(FIRST), await ask(FIRST), await ask(SECOND)];
  expect([first.status, again.status, other.status]).toEqual([404, 429, 404]);
  expect(again.headers.get("ratelimit")).toMatch(/^"api_per_tenant";r=0;t=\d+$/);
  expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await again.json()).toMatchObject({ code: "TOO_MANY_REQUESTS" });
});

test("a role that passes by row-level security is refused at the start", async () => {
  const postgres = await (shared ??= startPostgres());
  await migrate(postgres.url);
  await using service = await spawnService({
    name: "The service",
    command: process.execPath,
    args: [FILE],
    env: { DATABASE_URL: postgres.url, DARAJA_URL: "http://127.0.0.1:1" },
  });
  expect(await service.exited).toEqual({ code: 1, signal: null });
  expect(service.output()).toContain("the role passes by row-level security");
});

test("an agent at /mcp pays for the tenant of its API key, and sees no other tenant's payments", async () => {
  const postgres = await (shared ??= startPostgres());
  await using rig = await startServiceRig(postgres);
  const { body } = await rig.post(BODY, randomUUID(), { apiKey: FIRST.apiKey });
  const url = `${rig.url}/mcp`;
  const agentOf = async (apiKey: string) => {
    const client = new Client({ name: "agent", version: "1" });
    const requestInit = { headers: { authorization: `Bearer ${apiKey}` } };
    await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
    return client;
  };
  const agent = await agentOf(SECOND.apiKey);
  const call = async (name: string, args: object) => {
    const { content } = await agent.callTool({ name, arguments: { ...args } });
    const [first] = content as { text: string }[];
    return JSON.parse(first!.text) as unknown;
  };
  try {
    const collection = { ...BODY, amount: "25", idempotencyKey: randomUUID() };
    const paid = { status: "processing", amount: "25.00" };
    expect(await call("stk_push", collection)).toMatchObject(paid);
    expect(await call("list_payments", { limit: 1 })).toMatchObject([{ amount: "25.00" }]);
    expect(await call("payment_status", { id: body.id })).toMatchObject({
      code: "TENANT_MISMATCH",
    });
  } finally {
    await agent.close();
  }
  await expect(agentOf("guessed")).rejects.toThrow("API_KEY_UNKNOWN");
});
