import { renderPayment, startConsole, type DrawOptions } from "@assay/console";
import {
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_ID,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
} from "@assay/semconv";
import type { BugsinkEvent, BugsinkIssue } from "@assay/test/support/bugsink";
import type { JaegerTrace } from "@assay/test/support/jaeger";
import type { Series } from "@assay/test/support/prometheus";
import type { Stack } from "@assay/test/support/stack";
import type { JourneyPayment } from "./journey.ts";
import { scenarios } from "./scenarios.ts";
import { heading } from "./screen.ts";

const TRANSACTIONS = `${prometheusName(METRIC_FINANCE_PAYMENT_TRANSACTIONS)}_total`;
const SPAN_CALLS = "traces_span_metrics_calls_total";
const SPAN_METRICS = '{__name__=~"traces_span_metrics_.+"}';
const ARRIVAL_MS = 30_000;

/**
 * What Jaeger, Prometheus and bugsink answer about a journey, as text with the URLs that were asked.
 *
 * Waits for each; rejects with one sentence that names what did not arrive.
 */
export async function readBack(
  { jaeger, prometheus, bugsink }: Pick<Stack, "jaeger" | "prometheus" | "bugsink">,
  journey: readonly JourneyPayment[],
  screen: DrawOptions,
): Promise<string> {
  const success = paymentOf(journey, "success");
  const refused = paymentOf(journey, "provider 500");
  const traces = await tracesOf(jaeger, success, 2);
  const [refusedTrace = ""] = await tracesOf(jaeger, refused, 1);
  const transactions = await prometheus.waitForSeries(
    TRANSACTIONS,
    (series) => sumOf(series) >= journey.length,
    ARRIVAL_MS,
  );
  // Every payment that Daraja took is settled at least once; the last decision comes last.
  const taken = journey.filter(isTaken);
  const calls = await prometheus.waitForSeries(
    SPAN_CALLS,
    (series) => sumOf(series.filter(isSettling)) >= taken.length,
    ARRIVAL_MS,
  );
  const { issue, event } = await issueOf(bugsink, refusedTrace);
  const exemplar = await prometheus.waitForExemplar(SPAN_METRICS, refusedTrace, ARRIVAL_MS);
  const eventUrl = `${bugsink.url}/api/canonical/0/events/${event.id}/`;

  return [
    heading("Jaeger: one payment across its callback", screen),
    ...traces.map((traceId) => `  ${jaeger.queryUrl}/api/traces/${traceId}`),
    "",
    await drawnFrom(jaeger, traces, success, screen),
    heading("Prometheus: payments by outcome", screen),
    `  ${queryUrl(prometheus.url, TRANSACTIONS)}`,
    ...transactions
      .filter(hasCounted)
      .map(({ metric, value }) =>
        seriesLine(metric, value, [ATTR_FINANCE_OUTCOME, ATTR_FINANCE_FAILURE_DOMAIN]),
      ),
    heading("Prometheus: calls by span", screen),
    `  ${queryUrl(prometheus.url, SPAN_CALLS)}`,
    ...busiest(calls).map(({ metric, value }) =>
      seriesLine(metric, value, ["span.name", "status.code"]),
    ),
    heading("bugsink: the provider's error", screen),
    `  ${eventUrl}`,
    `  curl -H 'authorization: Bearer ${bugsink.token}' …`,
    `  ${issue.calculated_type}: ${issue.calculated_value}`,
    `  event ${event.event_id} in trace ${String(event.data.contexts?.trace?.trace_id)}`,
    heading("One trace id in all three", screen),
    `  ${refusedTrace}`,
    `  Jaeger      ${jaeger.queryUrl}/api/traces/${refusedTrace}`,
    `  Prometheus  exemplar of span metrics, span ${String(exemplar.labels["span_id"])}`,
    `              ${exemplarsUrl(prometheus.url)}`,
    `  bugsink     ${eventUrl}`,
  ].join("\n");
}

/** Ids of the traces that carry a payment, the oldest first. */
async function tracesOf(
  jaeger: Stack["jaeger"],
  paymentId: string,
  least: number,
): Promise<string[]> {
  const found = await eventually(
    `the ${least} trace(s) of payment ${paymentId} in Jaeger`,
    async () => {
      const traces = await jaeger.findTraces({
        service: "mpesa-mcp",
        tags: { [ATTR_FINANCE_PAYMENT_ID]: paymentId },
      });
      return traces.length >= least && traces.every(isWhole) ? traces : undefined;
    },
  );
  const start = ({ spans }: JaegerTrace): number =>
    Math.min(...spans.map(({ startTime }) => startTime));
  return found.toSorted((a, b) => start(a) - start(b)).map(({ traceID }) => traceID);
}

// A span may arrive before its parent, which ends later.
function isWhole({ spans }: JaegerTrace): boolean {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  return spans.every(({ traceID, references }) =>
    references
      .filter((parent) => parent.refType === "CHILD_OF" && parent.traceID === traceID)
      .every((parent) => ids.has(parent.spanID)),
  );
}

/** Draws a payment from the OTLP that Jaeger gives back, with the console's own renderer. */
async function drawnFrom(
  jaeger: Stack["jaeger"],
  traceIds: readonly string[],
  paymentId: string,
  screen: DrawOptions,
): Promise<string> {
  await using assay = await startConsole({ port: 0 });
  for (const traceId of traceIds) {
    const answer = await fetch(`${jaeger.queryUrl}/api/v3/traces/${traceId}`);
    const { result } = (await answer.json()) as { result: unknown };
    await fetch(`${assay.url}/v1/traces`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(result),
    });
  }
  const payment = assay.store.payments().find(({ id }) => id === paymentId);
  if (payment === undefined) throw new Error(`Jaeger's trace lacks payment ${paymentId}.`);
  return renderPayment(payment, screen);
}

async function issueOf(
  bugsink: Stack["bugsink"],
  traceId: string,
): Promise<{ issue: BugsinkIssue; event: BugsinkEvent }> {
  return await eventually(`an issue with trace ${traceId} in bugsink`, async () => {
    for (const issue of await bugsink.issues()) {
      const event = (await bugsink.events(issue.id)).find(
        ({ data }) => data.contexts?.trace?.trace_id === traceId,
      );
      if (event !== undefined) return { issue, event };
    }
    return undefined;
  });
}

async function eventually<T>(what: string, probe: () => Promise<T | undefined>): Promise<T> {
  const { waitFor } = await import("@assay/test/support/wait");
  return await waitFor(probe, { what, deadlineMs: ARRIVAL_MS, everyMs: 200 });
}

function paymentOf(journey: readonly JourneyPayment[], scenario: string): string {
  const found = journey.find((payment) => payment.scenario === scenario);
  if (found !== undefined) return found.paymentId;
  throw new Error(`The journey has no payment of "${scenario}", one of ${scenarios.length}.`);
}

function isTaken({ scenario }: JourneyPayment): boolean {
  return scenarios.find(({ name }) => name === scenario)?.refusal === undefined;
}

function isSettling({ metric }: Series): boolean {
  return metric[prometheusName("span.name")] === "settle collection";
}

// Every series begins at zero, long before there is something to show.
function hasCounted({ value }: Series): boolean {
  return value > 0;
}

function sumOf(series: readonly Series[]): number {
  return series.reduce((sum, { value }) => sum + value, 0);
}

function busiest(series: readonly Series[]): Series[] {
  return series.toSorted((a, b) => b.value - a.value).slice(0, 12);
}

function seriesLine(metric: Record<string, string>, value: number, labels: string[]): string {
  const shown = labels.map((label) => metric[prometheusName(label)] ?? "-");
  return `  ${String(value).padStart(5)}  ${shown.join("  ")}`;
}

function prometheusName(name: string): string {
  return name.replaceAll(".", "_");
}

function queryUrl(base: string, expression: string): string {
  return `${base}/api/v1/query?query=${encodeURIComponent(expression)}`;
}

function exemplarsUrl(base: string): string {
  return `${base}/api/v1/query_exemplars?query=${encodeURIComponent(SPAN_METRICS)}&start=${Math.floor(Date.now() / 1000) - 3600}&end=${Math.floor(Date.now() / 1000) + 3600}`;
}
