import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type NamedInstrument, toPrometheusName } from "../src/prometheus-name.ts";

// What Prometheus' translator gives; test/pipeline/metric-names.test.ts asks a live Prometheus.
test.each([
  ["http.server.request.duration", "s", "histogram", "http_server_request_duration_seconds"],
  [
    "finance.payment.transactions",
    "{transaction}",
    "counter",
    "finance_payment_transactions_total",
  ],
  ["v8js.memory.heap.used", "By", "updowncounter", "v8js_memory_heap_used_bytes"],
  ["nodejs.eventloop.utilization", "1", "gauge", "nodejs_eventloop_utilization_ratio"],
  ["queue.length", "1", "updowncounter", "queue_length"],
  ["hit.ratio.now", "1", "gauge", "hit_now_ratio"],
  ["disk.io", "By/s", "gauge", "disk_io_bytes_per_second"],
  ["speed", "m/s", "gauge", "speed_meters_per_second"],
  ["rate", "{request}/s", "gauge", "rate_per_second"],
  ["rate", "requests/s", "gauge", "rate_requests_per_second"],
  ["queue.seconds", "s", "histogram", "queue_seconds"],
  ["requests.total", "1", "counter", "requests_total"],
  ["total.requests", "1", "counter", "requests_total"],
  ["cpu.load", "%", "gauge", "cpu_load_percent"],
  ["3d.points", "", "gauge", "_3d_points"],
  ["odd..name__here", "", "gauge", "odd_name_here"],
  ["custom", "kg.m2", "gauge", "custom_kg_m2"],
  ["---", "", "gauge", ""],
  ["", "s", "gauge", "seconds"],
  ["a:b", "s", "counter", "a:b_seconds_total"],
  // Below, surprises of the translator that ours has to share: otlptranslator 1.0.0 gave each of these.
  ["requests.per.second", "1/s", "gauge", "requests_per_second_per_second"],
  ["requests", "1/min", "gauge", "requests_per_min"],
  ["requests", "1/m", "gauge", "requests_per_minute"],
  ["io", "By/s/d", "gauge", "io_bytes_per_s_d"],
  ["io", "s/{x}", "gauge", "io_seconds"],
  ["io", " s /h", "gauge", "io_seconds_per_hour"],
  ["io", " 1", "gauge", "io"],
  ["foo", "foo_", "gauge", "foo_foo_"],
  ["foo", "foo_/s", "gauge", "foo_foo_per_second"],
  ["foo", "per_second/s", "gauge", "foo_per_second_per_second"],
  ["foo", "unit_", "counter", "foo_unit__total"],
  ["foo", "By/_", "gauge", "foo_bytes"],
  ["foo", "toString", "gauge", "foo_toString"],
] as const)("%s in %j as %s is %s", (name, unit, kind, expected) => {
  expect(toPrometheusName({ name, unit, kind })).toBe(expected);
});

test("names are those that the Go module otlptranslator 1.0.0 gave, whatever the name and the unit", () => {
  const vectors = JSON.parse(
    readFileSync(join(__dirname, "otlptranslator-names.json"), "utf8"),
  ) as [name: string, unit: string, kind: NamedInstrument["kind"], translated: string][];
  expect(vectors.length).toBeGreaterThan(300);
  expect(
    vectors.map(([name, unit, kind]) => [name, unit, kind, toPrometheusName({ name, unit, kind })]),
  ).toEqual(vectors);
});
