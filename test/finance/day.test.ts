import { afterAll, beforeAll, expect, test } from "vitest";
import { readBugsink, readJaeger, readPrometheus } from "../canary/backends.ts";
import { run } from "../commands/command.ts";
import type { JaegerSpan, JaegerTrace } from "../support/jaeger.ts";
import { type Day, FAILURES_AND_SILENCES, LAST, playDay, SERVICE } from "./day.ts";
import { OPEN, PROVIDER, totals } from "./ledger.ts";
import { codeOf, COUNT, CUSTOMERS, type Order, orderOf, SCRIPT, scriptOf } from "./script.ts";

let day: Day;
beforeAll(async () => {
  day = await playDay();
}, 300_000);
afterAll(() => day?.[Symbol.asyncDispose]());

const ORDERS = Array.from({ length: COUNT }, (_, number) => orderOf(number));

/** Series of a metric above zero, added up over the processes of the day, by the values of labels. */
async function counted(metric: string, ...labels: string[]): Promise<Record<string, number>> {
  const series = await day.stack.prometheus.query(
    `sum by (${labels.join(", ")}) (last_over_time(${metric}[1h])) > 0`,
  );
  return Object.fromEntries(
    series.map(({ metric: of, value }) => [labels.map((each) => of[each] ?? "-").join(" "), value]),
  );
}

const inLedger = (query: string): Promise<Record<string, number>> => totals(day.ledger, query);

function tracesOf(tags: Record<string, string>): Promise<JaegerTrace[]> {
  return day.stack.jaeger.findTraces({ service: SERVICE, tags });
}

const tagOf = ({ tags }: JaegerSpan, key: string): unknown =>
  tags.find((tag) => tag.key === key)?.value;

/** The different values of an attribute in a trace. */
function valuesOf({ spans }: JaegerTrace, key: string): Set<unknown> {
  return new Set(spans.map((span) => tagOf(span, key)).filter((value) => value !== undefined));
}

function eventsOf({ logs }: JaegerSpan): unknown[] {
  return logs.map(({ fields }) => fields.find(({ key }) => key === "event")?.value);
}

test("over a restart every payment of the day comes to the end that its script has, and none is open", async () => {
  expect(day.output).toMatch(/^listening on \S+\nlistening on \S+\nall begun\n$/);
  const { rows } = await day.ledger.query<{ id: string }>(
    "select payment_id as id from ledger where outcome = 'completed' order by 1",
  );
  const paid = ORDERS.filter(({ paymentId }) => codeOf(paymentId) === "0");
  expect(rows.map(({ id }) => id)).toEqual(paid.map(({ paymentId }) => paymentId));
  expect(await inLedger("select 'booked' as name, count(*) as value from ledger")).toEqual({
    booked: COUNT,
  });
  const open = `select status as name, count(*) as value from finance_payment_checkpoints where ${OPEN} group by 1`;
  expect(await inLedger(open)).toEqual({});
});

test("payments by outcome and domain in Prometheus are the ledger's, and so is the count of their durations", async () => {
  const booked = await inLedger(
    "select outcome || ' ' || coalesce(domain, '-') as name, count(*) as value from ledger group by 1",
  );
  const labels = ["finance_outcome", "finance_failure_domain"];
  expect(await counted("finance_payment_transactions_total", ...labels)).toEqual(booked);
  expect(await counted("finance_payment_duration_seconds_count", ...labels)).toEqual(booked);
  expect(Object.keys(booked).toSorted()).toEqual([
    "cancelled customer",
    "completed -",
    "expired customer",
    "failed customer",
    "failed network",
    "failed provider",
  ]);
});

test("revenue of each currency is the ledger's to the minor unit, and refunds are apart from it", async () => {
  const sums = (table: string): string =>
    `select currency as name, sum(amount_minor) as value from ${table} group by 1`;
  const revenue = await inLedger(sums("ledger where outcome = 'completed'"));
  const refunds = await inLedger(sums("refunds"));
  expect(Object.keys(revenue).toSorted()).toEqual(["JOD", "KES", "UGX"]);
  expect(Object.keys(refunds)).toHaveLength(3);
  const currency = "finance_currency_code";
  expect(await counted("finance_payment_amount_minor_total", currency)).toEqual(revenue);
  expect(await counted("finance_refund_amount_minor_total", currency)).toEqual(refunds);
  const labels = ["instance", "finance_tenant_bucket"];
  const buckets = Object.keys(await counted("finance_payment_amount_minor_total", ...labels));
  // Of five tenants three have a bucket in each of the two processes, and org_1 by its contract.
  expect(buckets.filter((each) => each.endsWith(" org_1"))).toHaveLength(2);
  expect(buckets.length).toBeLessThanOrEqual(2 * 4);
});

test("what became unknown, was called back or refused is counted as often as the database saw it", async () => {
  expect(await counted("finance_payment_unsettled_total", "finance_provider_name")).toEqual(
    await inLedger(
      `select ${PROVIDER} as name, count(*) as value from history where status = 'unknown' group by 1`,
    ),
  );
  expect(
    await counted(
      "finance_provider_callbacks_total",
      "finance_provider_name",
      "finance_provider_callback_type",
    ),
  ).toEqual(
    await inLedger(
      "select provider || ' ' || kind as name, count(*) as value from callbacks group by 1",
    ),
  );
  const { confused } = await inLedger(
    "select 'confused' as name, count(*) as value from refusals group by 1",
  );
  expect(confused).toBe(ORDERS.filter(isOf("confused")).length);
  expect(
    await counted(
      "finance_payment_refused_transitions_total",
      "finance_payment_previous_status",
      "finance_payment_status",
    ),
  ).toEqual({ "completed processing": confused });
});

test("the gauge of what waits for its outcome is what the database says, while it waits and at the end", () => {
  const { database, gauge } = day.open;
  expect(Object.values(database).length).toBeGreaterThan(3);
  expect(gauge).toEqual(database);
});

test("Sentry has each failure of the provider and each silence once, in the trace that Jaeger has, and nothing of customers", async () => {
  const { rows } = await day.ledger.query<{ id: string }>(FAILURES_AND_SILENCES);
  const issues = (await day.stack.bugsink.issues()).filter(
    ({ calculated_value: value }) => value !== LAST,
  );
  const events: string[] = [];
  for (const { id } of issues) {
    for (const { data } of await day.stack.bugsink.events(id)) {
      const trace = await day.stack.jaeger.trace(data.contexts!.trace!.trace_id!);
      const tags = Object.fromEntries(Object.entries(data.tags ?? {}));
      expect([...valuesOf(trace!, "finance.payment.id")]).toEqual([tags["finance.payment.id"]]);
      events.push(String(tags["finance.payment.id"]));
    }
  }
  expect(events.toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
  expect([...new Set(issues.map(({ calculated_type: type }) => type))].toSorted()).toEqual([
    "26",
    "500.001.1001",
    "91",
    "INTERNAL_PROCESSING_ERROR",
    "TimeoutError",
    "TypeError",
    "_other",
  ]);
});

function isOf(script: (typeof SCRIPT)[number]) {
  return ({ paymentId }: Order): boolean => scriptOf(paymentId) === script;
}

test.each(SCRIPT.filter((script, at) => SCRIPT.indexOf(script) === at))(
  "a search for the id of a payment that is %s gives its initiation and its callbacks, linked to it",
  async (script) => {
    const order = ORDERS.findLast(isOf(script))!;
    const traces = await tracesOf({ "finance.payment.id": order.paymentId });
    const spans = traces
      .flatMap((trace) => trace.spans)
      .filter((span) => tagOf(span, "finance.payment.id") === order.paymentId);
    const named = (name: string): JaegerSpan[] =>
      spans.filter(({ operationName }) => operationName === name);
    const [initiation, ...others] = named("initiate collection");
    const settlements = named("settle collection");
    expect(others).toEqual([]);
    for (const { traceID, references } of settlements) {
      expect(traceID).not.toBe(initiation!.traceID);
      expect(references).toContainEqual({
        refType: "FOLLOWS_FROM",
        traceID: initiation!.traceID,
        spanID: initiation!.spanID,
      });
    }
    const events = settlements.flatMap(eventsOf);
    const seen = {
      settlements: settlements.length,
      duplicates: events.filter((event) => event === "finance.callback.duplicate").length,
      refused: events.filter((event) => event === "finance.payment.transition_refused").length,
    };
    const more = { twice: 2, "at once": 1 }[script as string] ?? 0;
    expect(seen).toEqual({
      settlements: script === "refused" ? 0 : 1 + more,
      duplicates: more,
      refused: script === "confused" ? 1 : 0,
    });
  },
);

test.each([0, 7, 39])(
  "a search for the pseudonym of customer %i gives all traces of that customer's payments and of nobody else's",
  async (at) => {
    const customer = `cus_of_the_day_${String(at).padStart(2, "0")}`;
    const own = ORDERS.filter((order) => order.customer === customer);
    const { stdout } = run("assay-token", ["--class", "user", "--keys", day.keys, customer]);
    const [, token = ""] = stdout.trim().split(" ");
    const found = await tracesOf({ "user.id": token });
    const ids = found.flatMap((trace) => [...valuesOf(trace, "finance.payment.id")]);
    expect([...new Set(ids)].toSorted()).toEqual(own.map(({ paymentId }) => paymentId));
    expect(new Set(found.flatMap((trace) => [...valuesOf(trace, "user.id")]))).toEqual(
      new Set([token]),
    );
    const traceIds = new Set(found.map(({ traceID }) => traceID));
    for (const { paymentId } of own) {
      for (const { traceID } of await tracesOf({ "finance.payment.id": paymentId })) {
        expect(traceIds).toContain(traceID);
      }
    }
  },
);

test("no customer's id and no phone number is in Jaeger, Prometheus, Sentry or what the processes wrote", async () => {
  const { jaeger, prometheus, bugsink, collector, bridge } = day.stack;
  const texts = [
    ...(await readJaeger(jaeger)),
    ...(await readPrometheus(prometheus)),
    ...(await readBugsink(bugsink)),
    collector.output(),
    bridge.output(),
    day.output,
  ];
  const customers = ORDERS.slice(0, CUSTOMERS * 3);
  const secrets = new Set(customers.flatMap(({ customer, phone }) => [customer, phone]));
  const left = [...secrets].filter((secret) => texts.some((text) => text.includes(secret)));
  expect({ secrets: secrets.size > CUSTOMERS, left }).toEqual({ secrets: true, left: [] });
  expect(texts.some((text) => text.includes("p1.k1."))).toBe(true);
});

test("the provider was told nothing of traces", () => {
  const { received } = day.provider;
  expect(received.length).toBeGreaterThan(COUNT);
  const told = received.flatMap(({ headers }) =>
    Object.keys(headers).filter((name) => /^(?:trace|baggage|sentry|b3|x-)/.test(name)),
  );
  expect(told).toEqual([]);
});
