import { ValueType } from "@opentelemetry/api";
import { DataPointType, type MetricData } from "@opentelemetry/sdk-metrics";
import { expect, test } from "vitest";
import { decodeMetrics, encodeMetrics } from "../src/cluster-messages.ts";
import { mergeMetrics } from "../src/merge-metrics.ts";

const times = { startTime: [1, 0], endTime: [2, 0] };

function metric(data: object): MetricData {
  const descriptor = { name: "shop.x", description: "", unit: "s", valueType: ValueType.DOUBLE };
  return { descriptor, aggregationTemporality: 1, ...data } as MetricData;
}

test("metrics are the same on the other side of a channel, also those that JSON has no number for", () => {
  const gauge = metric({
    dataPointType: DataPointType.GAUGE,
    dataPoints: [Number.NaN, Number.POSITIVE_INFINITY, -0.5].map((value, index) => ({
      ...times,
      value,
      attributes: { number: "NaN", index },
    })),
  });
  expect(decodeMetrics(encodeMetrics([gauge]))).toEqual([gauge]);
});

test("of histograms with other boundaries the larger stands, and those with the same are added", () => {
  const histogram = (boundaries: number[], counts: number[]) =>
    metric({
      dataPointType: DataPointType.HISTOGRAM,
      dataPoints: [
        {
          ...times,
          attributes: {},
          value: { buckets: { boundaries, counts }, count: counts.reduce((a, b) => a + b), sum: 1 },
        },
      ],
    });
  const merged = (parts: MetricData[]): unknown =>
    mergeMetrics(parts.map((part) => [part]))[0]?.dataPoints[0]?.value;
  expect([
    merged([histogram([1], [2, 3]), histogram([1], [1, 1])]),
    merged([histogram([1], [2, 3]), histogram([1, 2], [1, 1, 1])]),
  ]).toEqual([
    { buckets: { boundaries: [1], counts: [3, 4] }, count: 7, sum: 2 },
    { buckets: { boundaries: [1], counts: [2, 3] }, count: 5, sum: 1 },
  ]);
});
