import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { prometheusName } from "../src/prometheus-name.ts";

function instrument(
  name: string,
  unit: string,
  kind: "counter" | "gauge" | "updown" | "histogram",
) {
  const dataPointType = {
    counter: DataPointType.SUM,
    updown: DataPointType.SUM,
    gauge: DataPointType.GAUGE,
    histogram: DataPointType.HISTOGRAM,
  }[kind];
  return {
    descriptor: { name, unit },
    dataPointType,
    isMonotonic: kind === "counter",
  } as unknown as MetricData;
}

// The right-hand column is what Prometheus' OTLP receiver stores; the pipeline tests compare the two for real.
test.each([
  ["http.server.request.duration", "s", "histogram", "http_server_request_duration_seconds"],
  [
    "finance.payment.transactions",
    "{transaction}",
    "counter",
    "finance_payment_transactions_total",
  ],
  ["finance.payment.amount.minor", "{minor_unit}", "counter", "finance_payment_amount_minor_total"],
  ["v8js.memory.heap.used", "By", "updown", "v8js_memory_heap_used_bytes"],
  ["nodejs.eventloop.utilization", "1", "gauge", "nodejs_eventloop_utilization_ratio"],
  ["disk.io", "By/s", "gauge", "disk_io_bytes_per_second"],
  ["queue.seconds", "s", "histogram", "queue_seconds"],
  ["requests.total", "1", "counter", "requests_total"],
  ["cpu.load", "%", "gauge", "cpu_load_percent"],
  ["3d.points", "", "gauge", "_3d_points"],
] as const)("%s in %s as %s is %s", (name, unit, kind, expected) => {
  expect(prometheusName(instrument(name, unit, kind))).toBe(expected);
});
