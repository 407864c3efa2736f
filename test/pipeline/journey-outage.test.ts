import { ATTR_FINANCE_PAYMENT_ID } from "@assay/semconv";
import { expect, test } from "vitest";
import { runJourney } from "../../examples/mpesa-mcp/src/journey.ts";
import { startRig } from "../../examples/mpesa-mcp/src/rig.ts";
import { scenarios } from "../../examples/mpesa-mcp/src/scenarios.ts";
import { startCollector } from "../support/collector.ts";
import { type JaegerTrace, startJaeger } from "../support/jaeger.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { waitFor } from "../support/wait.ts";

// What each payment must leave in Jaeger, whatever else is in its traces.
const INITIATION = [
  "POST /payments",
  "initiate collection",
  // Its row, and what is kept of it for its callback.
  "pg.query:INSERT payments",
  "pg.query:INSERT payments",
];
const CALLBACK = ["POST /callbacks/daraja/:id"];

/** Names of the spans of one payment that the proof is about, sorted. */
function namesOf(traces: JaegerTrace[]): string[] {
  return traces
    .flatMap(({ spans }) => spans.map(({ operationName }) => operationName))
    .filter((name) => [...INITIATION, ...CALLBACK].includes(name))
    .toSorted();
}

/** Spans whose parent is missing from their trace. */
function orphansOf({ traceID, spans }: JaegerTrace): string[] {
  const known = new Set(spans.map(({ spanID }) => spanID));
  return spans
    .filter(({ references }) =>
      references.some(
        (reference) =>
          reference.refType === "CHILD_OF" &&
          reference.traceID === traceID &&
          !known.has(reference.spanID),
      ),
    )
    .map(({ operationName }) => operationName);
}

test("the Collector is killed in the middle of a journey and started again: no span of a payment is missing", async () => {
  await using jaeger = await startJaeger();
  await using errors = await startOtlpReceiver();
  await using collector = await startCollector({
    jaegerGrpc: jaeger.otlpGrpc,
    errorBridgeUrl: errors.url,
    // No metrics backend: what is proved here is about spans.
    prometheusUrl: "http://127.0.0.1:9",
  });
  await using rig = await startRig({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl });

  const before = await runJourney({ serviceUrl: rig.serviceUrl });
  await collector.kill("SIGKILL");
  const during = await runJourney({ serviceUrl: rig.serviceUrl });
  await collector.restart();
  const after = await runJourney({ serviceUrl: rig.serviceUrl });

  for (const { paymentId, scenario } of [...before, ...during, ...after]) {
    const { callbacks } = scenarios.find(({ name }) => name === scenario)!;
    const expected = [...INITIATION, ...Array<string>(callbacks).fill(CALLBACK[0]!)].toSorted();
    const search = { service: "mpesa-mcp", tags: { [ATTR_FINANCE_PAYMENT_ID]: paymentId } };
    const traces = await waitFor(
      async () => {
        const found = await jaeger.findTraces(search);
        const isWhole = found.flatMap(orphansOf).length === 0;
        return isWhole && namesOf(found).length >= expected.length ? found : undefined;
      },
      { what: `all spans of the payment "${scenario}"`, deadlineMs: 60_000, everyMs: 200 },
    );
    expect({ scenario, names: namesOf(traces) }).toEqual({ scenario, names: expected });
  }
});
