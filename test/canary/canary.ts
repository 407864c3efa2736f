import { startBugsink } from "../support/bugsink.ts";
import { spansOf } from "../support/otlp-json.ts";
import { freePort } from "../support/port.ts";
import { startPostgres } from "../support/postgres.ts";
import { startStack } from "../support/stack.ts";
import { waitFor } from "../support/wait.ts";
import { type App, startApp } from "./app.ts";
import { isEmptied, readBugsink, readJaeger, readPrometheus, storedSpans } from "./backends.ts";
import { endApp, sendIncoming } from "./incoming.ts";
import { type Captured, expectedAt, judge, type Result } from "./matrix.ts";
import { type Canary, mint, mintForms } from "./mint.ts";
import { type Peer, startPeer } from "./peer.ts";
import { type Recorder, startRecorder } from "./recorder.ts";
import { createSearch } from "./search.ts";
import { type Exit, type Surface, SURFACES } from "./surfaces.ts";

/** What a run found, and what it searched. */
export interface Proof {
  result: Result;
  captured: Captured;
  canaries: readonly Canary[];
  surfaces: readonly Surface[];
}

/** Surfaces that upstream does not have. */
const NOT_UPSTREAM: Record<string, string> = {
  last_span: "it loses what is finished when the process exits",
  uncaught: "it does not see uncaught errors",
  thrown_fastify: "it does not see errors of Fastify's handlers",
  exception_cause: "it has no way to Sentry",
  diagnostic_setting: "it stops sending for some wrong values",
};

/** How long a marker may take from the process to the last backend. */
const ARRIVAL_MS = 45_000;

/**
 * Plants every canary under Assay, with the Collector and all backends behind it, and searches every exit.
 *
 * What never arrives is in the result as lost; it does not throw for it.
 */
export async function proveAssay(seed: string): Promise<Proof> {
  await using cleanUp = new AsyncDisposableStack();
  const canaries = canariesOf(seed, SURFACES);
  const search = createSearch(canaries);
  const metricsPort = await freePort();
  const [stack, issues, database, peer, denied] = await Promise.all([
    startStack({ app: `127.0.0.1:${metricsPort}` }).then((each) => cleanUp.use(each)),
    // The process' own errors have a server of their own: with one for both ways, the first would hide the second.
    startBugsink().then((each) => cleanUp.use(each)),
    startPostgres().then((each) => cleanUp.use(each)),
    startPeer().then((each) => cleanUp.use(each)),
    startPeer().then((each) => cleanUp.use(each)),
  ]);
  const otlp = cleanUp.use(await startRecorder({ forwardTo: stack.collector.otlpUrl }));
  const sentry = cleanUp.use(await startRecorder({ forwardTo: issues.url }));
  const app = cleanUp.use(
    await startApp({
      preload: "@assay/node/register",
      canaries,
      otlpUrl: otlp.url,
      databaseUrl: database.url,
      peerUrl: peer.url,
      deniedUrl: denied.url,
      sentryDsn: issues.dsn.replace(new URL(issues.dsn).host, new URL(sentry.url).host),
      metricsPort,
    }),
  );
  const until = (
    exit: Exit,
    read: () => readonly string[] | Promise<readonly string[]>,
    complete: (texts: readonly string[]) => boolean = () => true,
  ): Promise<readonly string[]> =>
    readUntil(read, (texts) => {
      const arrived = search.arrived(texts.join("\n"));
      return isWithin(expectedAt(exit, canaries, SURFACES), arrived) && complete(texts);
    });

  await sendIncoming(app, canaries);
  const metrics = await until("/metrics", () => readMetrics(app));
  // Before the end: an ending process sends no metrics, and while it lives Prometheus scrapes it.
  const scraped = await until("Prometheus", () => readPrometheus(stack.prometheus));
  await endApp(app);
  await waitFor(() => isEmptied(stack.collector), {
    what: "the Collector to pass on all that it took",
    deadlineMs: ARRIVAL_MS,
  });

  const jaeger = await until(
    "Jaeger",
    () => readJaeger(stack.jaeger),
    (texts) => isWithin(sentSpans(otlp), storedSpans(texts)),
  );
  const own = await until("bugsink", () => readBugsink(issues));
  const bridged = await until("bridged", () => readBugsink(stack.bugsink));
  const captured: Captured = {
    OTLP: otlp.texts(),
    "/metrics": metrics,
    output: [app.output("stdout"), app.output("stderr")],
    headers: await peer.headers(),
    denied: await deniedHeaders(denied),
    envelope: sentry.texts(),
    Jaeger: jaeger,
    Prometheus: [...scraped, ...(await readPrometheus(stack.prometheus))],
    bugsink: own,
    bridged,
    backends: [
      stack.collector,
      stack.bridge,
      stack.jaeger,
      stack.prometheus,
      stack.bugsink,
    ].flatMap((each) => [each.output("stdout"), each.output("stderr")]),
  };
  return {
    result: judge(captured, canaries, SURFACES, search),
    captured,
    canaries,
    surfaces: SURFACES,
  };
}

/**
 * Does the same to upstream's own preload and searches what leaves the process.
 *
 * It shows that the secrets are where the search looks, so that finding none under Assay says something.
 */
export async function proveUpstream(seed: string): Promise<Proof> {
  await using cleanUp = new AsyncDisposableStack();
  const surfaces = SURFACES.filter(({ name }) => !(name in NOT_UPSTREAM));
  const canaries = canariesOf(seed, surfaces);
  const search = createSearch(canaries);
  const [database, peer, otlp] = await Promise.all([
    startPostgres().then((each) => cleanUp.use(each)),
    startPeer().then((each) => cleanUp.use(each)),
    startRecorder().then((each) => cleanUp.use(each)),
  ]);
  const app = cleanUp.use(
    await startApp({
      preload: "@opentelemetry/auto-instrumentations-node/register",
      canaries,
      otlpUrl: otlp.url,
      databaseUrl: database.url,
      peerUrl: peer.url,
      metricsPort: await freePort(),
    }),
  );
  await sendIncoming(app, canaries);
  const metrics = await readMetrics(app);
  const expected = expectedAt("OTLP", canaries, surfaces);
  await readUntil(otlp.texts, (texts) => isWithin(expected, search.arrived(texts.join("\n"))));
  await app.stop();
  const captured: Captured = {
    OTLP: otlp.texts(),
    "/metrics": metrics,
    output: [app.output("stdout"), app.output("stderr")],
    headers: await peer.headers(),
  };
  return { result: judge(captured, canaries, surfaces, search), captured, canaries, surfaces };
}

function canariesOf(seed: string, surfaces: readonly Surface[]): Canary[] {
  const kinds = new Map(surfaces.map((surface) => [surface.name, surface.kinds]));
  const free = surfaces.filter(({ forms }) => forms).map(({ name }) => name);
  return [...mint(seed, [...kinds.keys()]), ...mintForms(seed, free)].filter(({ surface, kind }) =>
    kinds.get(surface)!.includes(kind),
  );
}

/** Reads again until it is complete, and gives what is there when ARRIVAL_MS have passed. */
async function readUntil(
  read: () => readonly string[] | Promise<readonly string[]>,
  isComplete: (texts: readonly string[]) => boolean,
): Promise<readonly string[]> {
  const deadline = performance.now() + ARRIVAL_MS;
  let texts: readonly string[] = [];
  await waitFor(
    async () => {
      texts = await read();
      return isComplete(texts) || performance.now() > deadline;
    },
    { what: "an answer from a backend", deadlineMs: ARRIVAL_MS * 2, everyMs: 500 },
  );
  return texts;
}

function isWithin(expected: Set<string>, arrived: Set<string>): boolean {
  return [...expected].every((marker) => arrived.has(marker));
}

async function readMetrics(app: App): Promise<string[]> {
  const response = await fetch(app.metricsUrl);
  return [await response.text()];
}

/** The headers that reached the provider; throws when none did, because then they prove nothing. */
async function deniedHeaders(denied: Peer): Promise<string[]> {
  const headers = await denied.headers();
  if (headers.length === 0) throw new Error("The denied peer was not called.");
  const ours = headers.filter((text) => /^(?:trace|baggage|sentry|b3|x-)/m.test(text));
  if (ours.length > 0) throw new Error(`The denied peer got headers of ours: ${ours[0]}`);
  return headers;
}

function sentSpans({ requests }: Recorder): Set<string> {
  const accepted = requests.filter(({ url, status }) => url === "/v1/traces" && status === 200);
  const spans = accepted.flatMap(({ body }) => spansOf(JSON.parse(body.toString("utf8"))));
  return new Set(spans.map(({ spanId }) => spanId));
}
