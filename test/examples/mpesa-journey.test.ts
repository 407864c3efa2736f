import { randomUUID } from "node:crypto";
import { METRIC_FINANCE_PAYMENT_PENDING, METRIC_FINANCE_PAYMENT_PENDING_AGE } from "@assay/semconv";
import { Client } from "pg";
import { expect, test } from "vitest";
import { runJourney } from "../../examples/mpesa-mcp/src/journey.ts";
import { startRig } from "../../examples/mpesa-mcp/src/rig.ts";
import { type Scenario, scenarios } from "../../examples/mpesa-mcp/src/scenarios.ts";
import { TENANTS } from "../../examples/mpesa-mcp/src/tenants.ts";
import { type OtlpReceiver, type Span, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { getJson, waitFor } from "../support/wait.ts";
import {
  countBy,
  domainOf,
  expectedCallbacks,
  expectedOutcome,
  expectedOutcomes,
  failureCodeOf,
} from "./expected.ts";

const ROUNDS = 2;
const AMOUNT_MINOR = 150_000;
const [FIRST] = TENANTS as [(typeof TENANTS)[number]];
const OUTCOME = ["finance.outcome", "finance.failure.domain"];

/** The scenarios in which nobody knows for a while: no callback came, or no acknowledgement. */
const lost = scenarios.filter(({ callbacks, refusal }) => callbacks === 0 && refusal === undefined);
const silent = scenarios.filter(({ acknowledged }) => acknowledged === "never");

/** What a scenario must be blamed on in spans and with it in Sentry; nothing that is up to the customer. */
function errorsOf(scenario: Scenario): string[] {
  if (scenario.refusal !== undefined) return ["DARAJA_REFUSED"];
  if (silent.includes(scenario)) return ["DARAJA_SILENT"];
  if (lost.includes(scenario)) return ["callback_overdue"];
  return ["-", "customer"].includes(domainOf(scenario)) ? [] : [failureCodeOf(scenario)!];
}

const times = (pairs: [string, number][]) => pairs.map(([label, count]) => [label, count * ROUNDS]);

/** The last export's series of a metric that are not zero, summed by some labels and sorted. */
function counted(receiver: OtlpReceiver, name: string, labels: readonly string[]) {
  const sums = new Map<string, number>();
  for (const { attributes, value = 0 } of receiver.metrics().findLast((each) => each.name === name)
    ?.points ?? []) {
    const label = labels.map((key) => (attributes[key] as string | undefined) ?? "-").join(" ");
    if (value !== 0) sums.set(label, (sums.get(label) ?? 0) + value);
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** What the tenants' own rows say, asked as the service asks. */
async function ledger(databaseUrl: string): Promise<[label: string, count: number][]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const rows: { label: string }[] = [];
    for (const { id } of TENANTS) {
      await client.query(`begin; set local app.tenant_id = '${id}'`);
      const found = await client.query<{ label: string }>(
        "select status || ' ' || coalesce(failure_domain, '-') as label from payments",
      );
      await client.query("commit");
      rows.push(...found.rows);
    }
    return countBy(rows, ({ label }) => label);
  } finally {
    await client.end();
  }
}

test("a scripted day leaves exactly its metrics, spans, links, events and errors", async () => {
  await using receiver = await startOtlpReceiver();
  await using rig = await startRig({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ASSAY_START_LINE: "false",
    RECONCILE_EVERY_MS: "0",
  });
  const made = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    made.push(...(await runJourney({ serviceUrl: rig.serviceUrl })));
  }
  const callback = (id: string) =>
    fetch(`${rig.serviceUrl}/callbacks/daraja/${id}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ Body: { stkCallback: { CheckoutRequestID: "ws_1", ResultCode: 0 } } }),
    });
  // One that is about no payment of ours, and one that does not know what Daraja calls the payment.
  await callback(`pay_${randomUUID()}`);
  await callback(made[0]!.paymentId);

  const { result, duplicate } = expectedCallbacks();
  const callbacks = [
    ["duplicate", duplicate * ROUNDS],
    ["result", result * ROUNDS],
    ["unmatched", 1],
  ];
  // Metrics.
  const outcomes = times(expectedOutcomes());
  expect(await ledger(rig.databaseUrl)).toEqual(outcomes);
  const metrics = () => ({
    transactions: counted(receiver, "finance.payment.transactions", OUTCOME),
    amounts: counted(receiver, "finance.payment.amount.minor", ["finance.currency.code"]),
    failures: counted(receiver, "finance.payment.failures", ["finance.failure.code"]),
    unsettled: counted(receiver, "finance.payment.unsettled", ["finance.provider.name"]),
    callbacks: counted(receiver, "finance.provider.callbacks", ["finance.provider.callback.type"]),
    security: counted(receiver, "finance.security.events", ["finance.security.event.type"]),
    violations: counted(receiver, "finance.tenant.isolation.violations", []),
    refusedTransitions: counted(receiver, "finance.payment.refused_transitions", []),
  });
  await expect.poll(metrics, { timeout: 20_000 }).toEqual({
    transactions: outcomes,
    amounts: [["KES", expectedOutcome("completed -") * AMOUNT_MINOR * ROUNDS]],
    failures: times(
      countBy(
        scenarios.map(failureCodeOf).filter((code) => code !== undefined),
        (code) => code,
      ),
    ),
    unsettled: [["safaricom", (lost.length + silent.length) * ROUNDS]],
    callbacks,
    security: [
      ["cross_tenant_access", ROUNDS],
      ["forged_callback", 1],
    ],
    violations: [["", ROUNDS]],
    refusedTransitions: [],
  });

  // Spans: one for each callback; of a lost one, one that says so and one by the query's answer.
  const idOf = ({ attributes }: Span) => String(attributes["finance.payment.id"]);
  const named = (name: string) => receiver.spans().filter((span) => span.name === name);
  const scenarioOf = new Map(made.map(({ paymentId, scenario }) => [paymentId, scenario]));
  const settled = () => countBy(named("settle collection"), (span) => scenarioOf.get(idOf(span))!);
  const taken = scenarios.filter(({ refusal }) => refusal === undefined);
  await expect.poll(settled, { timeout: 20_000 }).toEqual(
    times(
      countBy(
        taken.flatMap((scenario) =>
          Array.from({ length: lost.includes(scenario) ? 2 : scenario.callbacks }, () => scenario),
        ),
        ({ name }) => name,
      ),
    ),
  );
  await expect
    .poll(() => named("initiate collection").map(idOf).toSorted(), { timeout: 20_000 })
    .toEqual([...scenarioOf.keys()].toSorted());
  const initiations = named("initiate collection");
  const settlements = named("settle collection");

  // Links: each leads to the initiation, which is another trace of the same payment and tenant.
  const byId = new Map(initiations.map((span) => [idOf(span), span]));
  for (const settlement of settlements) {
    const { traceId, spanId, attributes } = byId.get(idOf(settlement))!;
    expect(settlement.links).toMatchObject([{ traceId, spanId }]);
    expect(settlement.traceId).not.toBe(traceId);
    expect(settlement.attributes["finance.tenant.id"]).toBe(attributes["finance.tenant.id"]);
  }

  // Events: the duplicates, and the errors of payments, which are what Sentry gets.
  const events = [...initiations, ...settlements].flatMap((span) =>
    span.events.map(({ name, attributes }) => ({ span, name, attributes })),
  );
  expect(events.filter(({ name }) => name === "finance.callback.duplicate")).toHaveLength(
    duplicate * ROUNDS,
  );
  expect(
    countBy(
      events.filter(({ name }) => name === "exception"),
      ({ span, attributes }) =>
        `${scenarioOf.get(idOf(span))!}: ${String(attributes["exception.type"])}`,
    ),
  ).toEqual(
    times(
      countBy(
        scenarios.flatMap((scenario) =>
          errorsOf(scenario).map((error) => `${scenario.name}: ${error}`),
        ),
        (label) => label,
      ),
    ),
  );
  const blamed = [...initiations, ...settlements].filter(({ status }) => status.code === 2);
  expect(blamed).toHaveLength(scenarios.flatMap(errorsOf).length * ROUNDS);

  // One record of each initiation and of each settlement, with what was settled.
  const records = () =>
    countBy(
      receiver.logs().filter(({ eventName }) => eventName === "finance.operation.completed"),
      ({ attributes }) => String(attributes["finance.operation.name"]),
    );
  await expect.poll(records, { timeout: 20_000 }).toEqual([
    ["ask_provider", lost.length * ROUNDS],
    ["collect", initiations.length],
    ["take_callback", (result + duplicate) * ROUNDS + 1],
  ]);
  expect(await getJson(`${rig.darajaUrl}/_leaks`)).toEqual([]);
});

test("a payment that nobody called back for shows as pending, and no more when Daraja was asked", async () => {
  await using receiver = await startOtlpReceiver();
  await using rig = await startRig({
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    ASSAY_START_LINE: "false",
    RECONCILE_EVERY_MS: "0",
  });
  const headers = { authorization: `Bearer ${FIRST.apiKey}`, "content-type": "application/json" };
  await fetch(`${rig.serviceUrl}/payments`, {
    method: "POST",
    headers: { ...headers, "idempotency-key": randomUUID() },
    body: JSON.stringify({ phone: `2547123456${lost[0]!.digits}`, amount: "10" }),
  });
  const pending = (name: string) => counted(receiver, name, ["finance.payment.status"]);
  await expect
    .poll(() => pending(METRIC_FINANCE_PAYMENT_PENDING), { timeout: 20_000 })
    .toEqual([["processing", 1]]);
  expect(pending(METRIC_FINANCE_PAYMENT_PENDING_AGE)).toEqual([["processing", expect.any(Number)]]);

  const settled = await waitFor(
    async () => {
      const url = `${rig.serviceUrl}/reconcile?olderThanMs=0`;
      const response = await fetch(url, {
        method: "POST",
        headers: { authorization: headers.authorization },
      });
      const answer = (await response.json()) as { settled: number };
      return answer.settled > 0 ? answer : undefined;
    },
    { what: "an answer of Daraja" },
  );
  expect(settled).toEqual({ asked: 1, settled: 1 });
  await expect.poll(() => pending(METRIC_FINANCE_PAYMENT_PENDING), { timeout: 20_000 }).toEqual([]);
  // What the gauges ask the database for is no trace.
  const queries = receiver.spans().map(({ attributes }) => String(attributes["db.query.text"]));
  expect(queries.filter((text) => /pending_payments|payments_of_month/.test(text))).toEqual([]);
});
