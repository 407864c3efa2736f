import {
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  FINANCE_OUTCOME_VALUE_COMPLETED,
  FINANCE_PAYMENT_METHOD_VALUE_MOBILE_MONEY,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
} from "@assay/semconv";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  counterRequest,
  logRequest,
  newSpanId,
  newTraceId,
  sendOtlp,
  traceRequest,
} from "../support/otlp-sender.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

test("a payment's trace is found in Jaeger by its payment id", async () => {
  const traceId = newTraceId();
  const parent = newSpanId();
  const attributes = { [ATTR_FINANCE_PAYMENT_ID]: `pay_${traceId.slice(0, 8)}` };
  await sendOtlp(
    pipeline.collector.otlpUrl,
    "traces",
    traceRequest([
      { traceId, spanId: parent, name: "POST /payments", attributes },
      { traceId, parentSpanId: parent, name: "INSERT payments", kind: 3 },
    ]),
  );

  await pipeline.jaeger.waitForTrace(traceId, (trace) => trace.spans.length === 2);
  const found = await pipeline.jaeger.findTraces({ service: "pipeline-test", tags: attributes });
  expect(
    found.map((trace) => [trace.traceID, trace.spans.map((span) => span.operationName).toSorted()]),
  ).toEqual([[traceId, ["INSERT payments", "POST /payments"]]]);
});

test("a counter has its registry name with `_total` in Prometheus", async () => {
  await sendOtlp(
    pipeline.collector.otlpUrl,
    "metrics",
    counterRequest([
      {
        name: METRIC_FINANCE_PAYMENT_TRANSACTIONS,
        unit: "{transaction}",
        value: 7,
        attributes: { [ATTR_FINANCE_OUTCOME]: FINANCE_OUTCOME_VALUE_COMPLETED },
      },
    ]),
  );

  const name = `${METRIC_FINANCE_PAYMENT_TRANSACTIONS.replaceAll(".", "_")}_total`;
  const series = await pipeline.prometheus.waitForSeries(name);
  expect(series).toEqual([
    {
      metric: {
        __name__: name,
        finance_outcome: FINANCE_OUTCOME_VALUE_COMPLETED,
        job: "pipeline-test",
      },
      value: 7,
    },
  ]);
});

test("span metrics carry outcome, method and route, in seconds, with the trace id as exemplar", async () => {
  const traceId = newTraceId();
  await sendOtlp(
    pipeline.collector.otlpUrl,
    "traces",
    traceRequest(
      [
        {
          traceId,
          name: "POST /stk",
          durationMs: 120,
          attributes: {
            [ATTR_FINANCE_OUTCOME]: FINANCE_OUTCOME_VALUE_COMPLETED,
            [ATTR_FINANCE_PAYMENT_METHOD]: FINANCE_PAYMENT_METHOD_VALUE_MOBILE_MONEY,
            "http.route": "/stk",
            "http.response.status_code": 200,
          },
        },
      ],
      { resource: { "service.name": "span-metrics" } },
    ),
  );

  const calls = await pipeline.prometheus.waitForSeries(
    `traces_span_metrics_calls_total{service_name="span-metrics"}`,
    // A new series begins with a zero, so that rate() sees its first call.
    (series) => series[0]?.value === 1,
  );
  expect(calls).toEqual([
    {
      metric: {
        __name__: "traces_span_metrics_calls_total",
        service_name: "span-metrics",
        span_name: "POST /stk",
        span_kind: "SPAN_KIND_SERVER",
        status_code: "STATUS_CODE_UNSET",
        finance_outcome: FINANCE_OUTCOME_VALUE_COMPLETED,
        finance_payment_method: FINANCE_PAYMENT_METHOD_VALUE_MOBILE_MONEY,
        http_route: "/stk",
        http_response_status_code: "200",
        job: "span-metrics",
      },
      value: 1,
    },
  ]);

  const buckets = `traces_span_metrics_duration_seconds_bucket{service_name="span-metrics"}`;
  const exemplar = await pipeline.prometheus.waitForExemplar(buckets, traceId);
  expect(exemplar.value).toBeCloseTo(0.12, 3);
  const [fast, slower] = await Promise.all(
    ["0.1", "0.25"].map((bound) =>
      pipeline.prometheus.query(buckets.replace("}", `,le="${bound}"}`)),
    ),
  );
  expect([fast?.[0]?.value, slower?.[0]?.value]).toEqual([0, 1]);
});

test("error spans and error logs reach the bridge as JSON; what is no error does not", async () => {
  const traceId = newTraceId();
  const { collector, bridge } = pipeline;
  await sendOtlp(
    collector.otlpUrl,
    "traces",
    traceRequest([
      { traceId, name: "fine" },
      { traceId, name: "failed", error: "declined by the issuer" },
    ]),
  );
  await sendOtlp(
    collector.otlpUrl,
    "logs",
    logRequest([
      { body: "warned", severityNumber: 13, traceId },
      { body: "broke", severityNumber: 17, traceId },
    ]),
  );

  await bridge.waitForSpan((span) => span.traceId === traceId);
  await bridge.waitForLog((log) => log.traceId === traceId);
  expect([
    bridge
      .spans()
      .filter((span) => span.traceId === traceId)
      .map((span) => [span.name, span.status]),
    bridge
      .logs()
      .filter((log) => log.traceId === traceId)
      .map((log) => log.body),
  ]).toEqual([[["failed", { code: 2, message: "declined by the issuer" }]], ["broke"]]);
});

test("Prometheus scrapes the Collector's own metrics: what it took, what it sent, what waits", async () => {
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest([{}]));
  const names = [
    "otelcol_receiver_accepted_spans_total",
    `otelcol_exporter_sent_spans_total{exporter="otlp_grpc/jaeger"}`,
    `otelcol_exporter_queue_size{exporter="otlp_grpc/jaeger"}`,
    `otelcol_exporter_queue_capacity{exporter="otlp_http/errors"}`,
  ];
  const found = await Promise.all(names.map((name) => pipeline.prometheus.waitForSeries(name)));
  expect(found.map((series) => series[0]?.metric.job)).toEqual(names.map(() => "assay-collector"));
});
