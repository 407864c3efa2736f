import { expect, test } from "vitest";
import { startCollector } from "../support/collector.ts";
import { startJaeger } from "../support/jaeger.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { logRequest, newTraceId, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { waitFor } from "../support/wait.ts";

// Nothing listens there: metrics wait in their queue and disturb nobody.
const NO_PROMETHEUS = "http://127.0.0.1:9";
const SPANS = 4;

/** Jaeger, the bridge's stand-in and the Collector between them. */
async function start() {
  await using cleanUp = new AsyncDisposableStack();
  const bridge = cleanUp.use(await startOtlpReceiver());
  const jaeger = cleanUp.use(await startJaeger());
  const collector = cleanUp.use(
    await startCollector({
      jaegerGrpc: jaeger.otlpGrpc,
      prometheusUrl: NO_PROMETHEUS,
      errorBridgeUrl: bridge.url,
    }),
  );
  const owned = cleanUp.move();
  return { bridge, jaeger, collector, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Sends traces one after the other and gives the ids of those that were acknowledged. */
async function sendTraces(otlpUrl: string, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let sent = 0; sent < count; sent++) {
    const traceId = newTraceId();
    await sendOtlp(
      otlpUrl,
      "traces",
      traceRequest(Array.from({ length: SPANS }, () => ({ traceId }))),
    );
    ids.push(traceId);
  }
  return ids;
}

/** The traces that Jaeger lacks or has in part, once it has all or the deadline has passed. */
async function missing(
  jaeger: Awaited<ReturnType<typeof startJaeger>>,
  ids: string[],
): Promise<string[]> {
  let absent = ids;
  await waitFor(
    async () => {
      const found = await Promise.all(absent.map((id) => jaeger.trace(id)));
      absent = absent.filter((_id, index) => found[index]?.spans.length !== SPANS);
      return absent.length === 0;
    },
    { what: `${ids.length} traces in Jaeger`, deadlineMs: 30_000, everyMs: 250 },
  );
  return absent;
}

test("Jaeger is killed while traces come: those of the outage and after it are there when it is back", async () => {
  await using pipeline = await start();
  const { collector, jaeger } = pipeline;
  await sendTraces(collector.otlpUrl, 5);

  await jaeger.kill();
  const during = await sendTraces(collector.otlpUrl, 40);
  await jaeger.restart();
  const after = await sendTraces(collector.otlpUrl, 5);

  expect(await missing(jaeger, [...during, ...after])).toEqual([]);
});

test("the Collector is killed with accepted traces that Jaeger did not get: they arrive after its restart", async () => {
  await using pipeline = await start();
  const { collector, jaeger } = pipeline;
  await jaeger.kill();
  const accepted = await sendTraces(collector.otlpUrl, 40);

  await collector.kill();
  await jaeger.restart();
  expect(await jaeger.trace(accepted[0] ?? "")).toBeUndefined();
  await collector.restart();

  expect(await missing(jaeger, accepted)).toEqual([]);
});

test("the Collector is stopped in order with traces waiting: they arrive after its restart", async () => {
  await using pipeline = await start();
  const { collector, jaeger } = pipeline;
  await jaeger.kill();
  const accepted = await sendTraces(collector.otlpUrl, 10);

  await collector.stop(20_000);
  await jaeger.restart();
  await collector.restart();

  expect(await missing(jaeger, accepted)).toEqual([]);
});

test("the Collector is killed in the middle of a stream: a sender that tries again loses nothing", async () => {
  await using pipeline = await start();
  const { collector, jaeger } = pipeline;
  const ids = Array.from({ length: 60 }, newTraceId);
  let done = 0;
  const sending = (async () => {
    for (const traceId of ids) {
      const request = traceRequest(Array.from({ length: SPANS }, () => ({ traceId })));
      await waitFor(() => sendOtlp(collector.otlpUrl, "traces", request).then(() => true), {
        what: "the Collector to take a trace",
      });
      done++;
    }
  })();

  await waitFor(() => done >= 20, { what: "a third of the traces to be sent" });
  await collector.kill();
  await collector.restart();
  await sending;

  expect(await missing(jaeger, ids)).toEqual([]);
});

test("the bridge answers 503: errors wait, and come once each when it is well again", async () => {
  await using pipeline = await start();
  const { bridge, collector } = pipeline;
  bridge.respondWith(503);
  const bodies = Array.from({ length: 10 }, (_, index) => `error ${index}`);
  for (const body of bodies) {
    await sendOtlp(collector.otlpUrl, "logs", logRequest([{ body }]));
  }
  await waitFor(() => bridge.requests.length > 0, { what: "a first attempt" });

  bridge.respondWith(200);

  await waitFor(() => bridge.logs().length >= bodies.length, {
    what: "all errors",
    deadlineMs: 20_000,
  });
  const came = bridge.logs().map((log) => String(log.body));
  expect(came.toSorted()).toEqual(bodies);
});
