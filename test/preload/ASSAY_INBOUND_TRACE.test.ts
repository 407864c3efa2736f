import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { startApplication } from "./application.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test.each([
  ["continue", { isContinued: true, parent: SPAN, links: [] }],
  ["link", { isContinued: false, parent: "", links: [{ traceId: TRACE, spanId: SPAN }] }],
  ["ignore", { isContinued: false, parent: "", links: [] }],
])("with %s the span of a request is %j", async (mode, expected) => {
  await using receiver = await startOtlpReceiver();
  await using application = await startApplication({
    file: "answers.cjs",
    env: {
      OTEL_METRICS_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_BSP_SCHEDULE_DELAY: "50",
      ASSAY_INBOUND_TRACE: mode,
    },
    ready: /listening at/,
  });
  const url = /listening at (\S+)/.exec(application.output())![1]!;
  const response = await fetch(url, {
    headers: {
      // A stranger's decision not to sample counts where its trace is continued alone.
      traceparent: `00-${TRACE}-${SPAN}-${mode === "continue" ? "01" : "00"}`,
      tracestate: "vendor=1",
      baggage: "tier=gold,customer.phone=%2B254712345678",
    },
  });
  const seen = await response.json();
  const span = await receiver.waitForSpan(({ kind }) => kind === 2);
  expect({
    isContinued: span.traceId === TRACE,
    parent: span.parentSpanId ?? "",
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
  }).toEqual(expected);
  // What the application sees of the caller's baggage, and none of it is on a span.
  expect(seen).toEqual(mode === "continue" ? { tier: "gold" } : {});
  expect(JSON.stringify(receiver.spans())).not.toMatch(/gold|254712345678/);
});
