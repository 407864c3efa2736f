import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Pool } from "pg";
import { isEmptied } from "../canary/backends.ts";
import type { Bugsink } from "../support/bugsink.ts";
import { temporaryFolder } from "../support/folder.ts";
import { newTraceId, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { startPostgres } from "../support/postgres.ts";
import { type Service, spawnService } from "../support/process.ts";
import { type Stack, startStack } from "../support/stack.ts";
import { waitFor } from "../support/wait.ts";
import { OPEN, openLedger, PROVIDER, totals } from "./ledger.ts";
import { type Provider, startProvider } from "./provider.ts";
import { COUNT } from "./script.ts";

export const SERVICE = "payments-of-the-day";
/** Payments that the provider failed, and those whose outcome it left unknown, each as often. */
export const FAILURES_AND_SILENCES = `select payment_id as id from history where status = 'unknown'
  union all select payment_id from ledger where domain in ('provider', 'network')`;
/** What the error says that is sent after the day, to see that all has arrived. */
export const LAST = "the last error of the day";

/** A day that is over, with all that it left. */
export interface Day extends AsyncDisposable {
  stack: Stack;
  ledger: Pool;
  provider: Provider;
  /** File of the key that the service made its pseudonyms with. */
  keys: string;
  /** What waited for its outcome before the provider was asked, by provider and state: in the database and as a gauge. */
  open: { database: Record<string, number>; gauge: Record<string, number> };
  /** What the two processes wrote. */
  output: string;
}

// Of a machine that has other work, too.
const DEADLINE_MS = 60_000;
const PENDING = "finance_payment_pending";

/** Plays the day: the service, restarted in the middle of it, against the provider and the whole pipeline. */
export async function playDay(): Promise<Day> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = cleanUp.use(await temporaryFolder("day")).path;
  const keys = join(folder, "keys");
  await writeFile(keys, `k1=${Buffer.alloc(32, 7).toString("base64")}\n`);
  const postgres = cleanUp.use(await startPostgres());
  const ledger = await openLedger(postgres.url);
  cleanUp.defer(() => ledger.end());
  const provider = cleanUp.use(await startProvider());
  const stack = cleanUp.use(await startStack());
  const start = (more: Record<string, string> = {}): Promise<Service> =>
    spawnService({
      name: "The service of the day",
      command: process.execPath,
      args: ["--require", "@assay/node/register", join(import.meta.dirname, "service.ts")],
      cwd: import.meta.dirname,
      ready: /listening on \S+/,
      env: {
        DATABASE_URL: postgres.url,
        PROVIDER_URL: provider.url,
        OTEL_SERVICE_NAME: SERVICE,
        OTEL_EXPORTER_OTLP_ENDPOINT: stack.collector.otlpUrl,
        OTEL_METRIC_EXPORT_INTERVAL: "1000",
        ASSAY_PSEUDONYM_KEYS_FILE: keys,
        // The provider is another company, though it is on loopback as all else is.
        ASSAY_PROPAGATE_TO: `!${new URL(provider.url).host}`,
        ASSAY_START_LINE: "false",
        ...more,
      },
    });

  const morning = cleanUp.use(await start());
  await waitFor(async () => (await countOf(ledger, "orders")) > COUNT * 0.45, {
    what: "the middle of the day",
    deadlineMs: DEADLINE_MS,
  });
  await ended(morning);
  await waitFor(() => isEmptied(stack.collector), {
    what: "what the morning told to arrive",
    deadlineMs: DEADLINE_MS,
  });
  const before = new Set(
    (await stack.prometheus.query(PENDING)).map(({ metric }) => metric["instance"]),
  );
  // In the afternoon errors go both ways, from the process too.
  const afternoon = cleanUp.use(await start({ SENTRY_DSN: stack.bugsink.dsn }));
  await waitFor(() => afternoon.output().includes("all begun") && provider.isIdle(), {
    what: "the last callback of the day",
    deadlineMs: DEADLINE_MS,
  });
  const database = await totals(
    ledger,
    `select ${PROVIDER} || ' ' || status as name, count(*) as value
       from finance_payment_checkpoints where ${OPEN} group by 1`,
  );
  const gauge = await gaugeThatIs(stack, before, database);
  const [, url] = /listening on (\S+)/.exec(afternoon.output())!;
  for (const what of ["reconcile", "refund"]) {
    const answer = await fetch(`${url}/${what}`, { method: "POST" });
    if (!answer.ok) throw new Error(`the service answered ${answer.status} to ${what}`);
  }
  await gaugeThatIs(stack, before, {});
  await waitFor(
    async () =>
      (await eventsOf(stack.bugsink)) >=
      (await countOf(ledger, `(${FAILURES_AND_SILENCES}) as failed`)),
    {
      what: "every error of the day in bugsink",
      deadlineMs: DEADLINE_MS,
    },
  );
  await ended(afternoon);
  await allArrived(stack);
  const owned = cleanUp.move();
  return {
    stack,
    ledger,
    provider,
    keys,
    open: { database, gauge },
    output: morning.output() + afternoon.output(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The gauge of what is open, above zero, when it is what the database says; what the process before said is left out. */
async function gaugeThatIs(
  { prometheus }: Stack,
  before: ReadonlySet<string | undefined>,
  wanted: Record<string, number>,
): Promise<Record<string, number>> {
  let gauge: Record<string, number> = {};
  await waitFor(
    async () => {
      const series = (await prometheus.query(PENDING)).filter(
        ({ metric }) => !before.has(metric["instance"]),
      );
      gauge = Object.fromEntries(
        series
          .filter(({ value }) => value > 0)
          .map(({ metric, value }) => [
            `${metric["finance_provider_name"]} ${metric["finance_payment_status"]}`,
            value,
          ]),
      );
      return series.length > 0 && JSON.stringify(sorted(gauge)) === JSON.stringify(sorted(wanted));
    },
    { what: `the gauge of what is open to be ${JSON.stringify(wanted)}`, deadlineMs: DEADLINE_MS },
  );
  return gauge;
}

/** Waits until all that was sent has arrived: a last span with an error, and the queues are empty. */
async function allArrived({ collector, jaeger, bugsink }: Stack): Promise<void> {
  await waitFor(() => isEmptied(collector), { what: "empty queues", deadlineMs: DEADLINE_MS });
  const traceId = newTraceId();
  const spans = [{ traceId, name: LAST, error: LAST }];
  await sendOtlp(collector.otlpUrl, "traces", traceRequest(spans));
  await jaeger.waitForTrace(traceId, undefined, DEADLINE_MS);
  await bugsink.waitForIssue(({ calculated_value: value }) => value === LAST, DEADLINE_MS);
  await waitFor(() => isEmptied(collector), { what: "empty queues", deadlineMs: DEADLINE_MS });
}

function sorted(counts: Record<string, number>): [string, number][] {
  return Object.entries(counts).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

async function eventsOf(bugsink: Bugsink): Promise<number> {
  const issues = await bugsink.issues();
  return issues.reduce((sum, { digested_event_count: count }) => sum + count, 0);
}

async function countOf(ledger: Pool, table: string): Promise<number> {
  const { rows } = await ledger.query<{ count: string }>(`select count(*) from ${table}`);
  return Number(rows[0]!.count);
}

async function ended(service: Service): Promise<void> {
  const { code, signal } = await service.stop(60_000);
  if (code !== 0) {
    throw new Error(`the service ended with ${signal ?? code}:\n${service.output()}`);
  }
}
