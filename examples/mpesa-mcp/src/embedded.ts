import { EventEmitter, once } from "node:events";
import {
  ConsoleError,
  renderErrors,
  renderOutcomes,
  renderPayment,
  renderRedactions,
  startConsole,
  type AssayConsole,
  type DrawOptions,
  type TelemetryStore,
} from "@assay/console";
import {
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
  METRIC_FINANCE_REDACTION_VALUES,
} from "@assay/semconv";
import { boundaryLines, isolationViolations } from "./boundaries.ts";
import { runJourney, type JourneyPayment } from "./journey.ts";
import { startRig } from "./rig.ts";
import { scenarios } from "./scenarios.ts";
import { heading, invitation, journeyLines } from "./screen.ts";

export interface RunOptions {
  /** End after the journey instead of serving until `signal`. */
  isOnce: boolean;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  screen: DrawOptions;
}

const ARRIVAL_MS = 30_000;
const QUIET_MS = 1000;

/** The example with the console as its only backend: journey, report, and serving until Ctrl-C. */
export async function runEmbedded({ isOnce, signal, screen }: RunOptions): Promise<void> {
  const changes = new EventEmitter();
  await using assay = await openConsole(() => changes.emit("change"));
  console.log(`Console on ${assay.url}: takes OTLP and Sentry envelopes, keeps them in memory.`);
  await using rig = await startRig({
    OTEL_EXPORTER_OTLP_ENDPOINT: assay.url,
    SENTRY_DSN: assay.dsn,
  });
  console.log(
    `Service on ${rig.serviceUrl}, with PostgreSQL and a fake Daraja on ${rig.darajaUrl}.`,
  );
  const journey = await runJourney({ serviceUrl: rig.serviceUrl });
  await arrival(changes, () => missingOf(assay.store, journey), signal);
  console.log(report(assay.store, journey, screen));
  console.log(heading("Boundaries", screen));
  console.log(await boundaryLines(rig.darajaUrl, assay.store));
  if (isOnce) return;

  console.log(`\n${invitation(rig.serviceUrl)}`);
  const stopShowing = showNewPayments(assay.store, changes, screen);
  const aborted = once(signal, "abort").then(() => undefined);
  const sentence = await Promise.race([aborted, rig.ended]);
  stopShowing();
  if (sentence !== undefined && !signal.aborted) throw new Error(`${sentence}.`);
}

async function openConsole(onChange: () => void): Promise<AssayConsole> {
  try {
    return await startConsole({ onChange });
  } catch (error) {
    if (!(error instanceof ConsoleError) || error.code !== "ASSAY_CONSOLE_PORT_IN_USE") throw error;
    console.log("Port 4318 is in use; the console takes a free one.");
    return await startConsole({ port: 0, onChange });
  }
}

/** Waits until nothing is missing; asks again at each change. */
async function arrival(
  changes: EventEmitter,
  missing: () => string | undefined,
  signal: AbortSignal,
): Promise<void> {
  const deadline = AbortSignal.timeout(ARRIVAL_MS);
  for (let what = missing(); what !== undefined; what = missing()) {
    try {
      await once(changes, "change", { signal: AbortSignal.any([signal, deadline]) });
    } catch (error) {
      if (!deadline.aborted) throw error;
      throw new Error(`The console did not receive ${what} within ${ARRIVAL_MS / 1000} s.`, {
        cause: error,
      });
    }
  }
}

/** What the journey must have sent and the console does not hold yet. */
function missingOf(store: TelemetryStore, journey: readonly JourneyPayment[]): string | undefined {
  const views = new Map(store.payments().map((view) => [view.id, view]));
  for (const { paymentId, scenario, status } of journey) {
    const { callbacks } = scenarios.find(({ name }) => name === scenario)!;
    const view = views.get(paymentId);
    if (view === undefined) return `the trace of payment ${paymentId}`;
    const linked = view.traces.filter(({ link }) => link?.target !== undefined);
    if (linked.length < callbacks) return `the callback of payment ${paymentId}`;
    if (view.status !== status) return `the outcome of payment ${paymentId}`;
  }
  const counted = sumOf(store, METRIC_FINANCE_PAYMENT_TRANSACTIONS);
  if (counted < journey.length) return `the outcomes of ${journey.length} payments`;
  if (sumOf(store, METRIC_FINANCE_REDACTION_VALUES) === 0) return "the counts of redaction";
  if (isolationViolations(store) === 0) return "the count of refused tenants";
  const refused = journey.find(({ scenario }) => scenario === "provider 500");
  const traceIds = new Set(
    views.get(refused?.paymentId ?? "")?.traces.map(({ traceId }) => traceId),
  );
  const isReported = store
    .errors()
    .some(({ traceId, sources }) => traceIds.has(traceId ?? "") && sources.includes("sentry"));
  return isReported ? undefined : "the Sentry envelope of the provider's error";
}

function sumOf(store: TelemetryStore, metric: string): number {
  return store
    .metrics()
    .filter(({ name }) => name === metric)
    .reduce((sum, { value = 0 }) => sum + Number(value), 0);
}

function report(
  store: TelemetryStore,
  journey: readonly JourneyPayment[],
  screen: DrawOptions,
): string {
  const shown = store.payments().find(({ id }) => id === journey[0]?.paymentId);
  return [
    heading("Journey", screen),
    journeyLines(journey),
    heading("One payment across its callback", screen),
    shown === undefined ? "  none" : renderPayment(shown, screen),
    heading("Metrics by outcome", screen),
    renderOutcomes(store, screen),
    heading("Errors", screen),
    renderErrors(store, screen),
    heading("What redaction removed", screen),
    renderRedactions(store, screen),
  ].join("\n");
}

/** Draws each payment that becomes final from now on, once its traces have been quiet for a second. */
function showNewPayments(
  store: TelemetryStore,
  changes: EventEmitter,
  screen: DrawOptions,
): () => void {
  const drawn = new Set(store.payments().map(({ id }) => id));
  let timer: NodeJS.Timeout | undefined;
  let awaited = 0;
  const undrawn = () =>
    store.payments().filter(({ id, outcome }) => !drawn.has(id) && outcome !== "");
  const draw = (): void => {
    for (const payment of undrawn()) {
      drawn.add(payment.id);
      console.log(`\n${renderPayment(payment, screen)}`);
    }
    awaited = 0;
  };
  const wait = (): void => {
    const spans = undrawn()
      .flatMap(({ traces }) => traces.map(({ spans: { length } }) => length))
      .reduce((sum, length) => sum + length, 0);
    // Metrics come every second; only a span more is a reason to wait longer.
    if (spans === awaited) return;
    awaited = spans;
    clearTimeout(timer);
    timer = setTimeout(draw, QUIET_MS);
  };
  changes.on("change", wait);
  return () => {
    changes.off("change", wait);
    clearTimeout(timer);
  };
}
