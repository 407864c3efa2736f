import { createHash } from "node:crypto";
import {
  asInteger,
  asList,
  asObject,
  asText,
  eachItem,
  readAttributes,
  type Attributes,
} from "./otlp-values.ts";

/** The upper bound of a bucket and how many values it holds; the last bound is Infinity. */
export interface StoredBucket {
  upTo: number;
  count: number;
}

/** The latest point of one series. Text is as sent: clean it before it is printed. */
export interface StoredMetric {
  name: string;
  unit: string;
  type: "gauge" | "sum" | "histogram";
  attributes: Attributes;
  /** Of a gauge or a sum. A bigint when the sender counts in integers. */
  value?: number | bigint;
  /** Of a histogram. */
  count?: number;
  sum?: number;
  buckets?: StoredBucket[];
  /** Nanoseconds since 1970. */
  timeNs: bigint;
  service: string;
}

/** One point on its way into the store: which series it belongs to, and whether it adds to the last. */
export interface MetricPoint {
  series: string;
  isDelta: boolean;
  metric: StoredMetric;
}

const DELTA = 1;

/** Reads the JSON form of ExportMetricsServiceRequest. Summaries and points without a value are rejected. */
export function readMetrics(body: unknown): { items: MetricPoint[]; rejected: number } {
  const items: MetricPoint[] = [];
  let rejected = 0;
  const senders = new WeakMap<Attributes, string>();
  eachItem(body, ["resourceMetrics", "scopeMetrics", "metrics"], (metric, sender) => {
    const from = senders.get(sender.resource) ?? digest(sender.resource);
    senders.set(sender.resource, from);
    const name = asText(metric["name"]);
    for (const type of ["gauge", "sum", "histogram", "exponentialHistogram"] as const) {
      const { dataPoints, aggregationTemporality } = asObject(metric[type]);
      for (const entry of asList(dataPoints, "dataPoints")) {
        const point = asObject(entry);
        const measured =
          type === "gauge" || type === "sum" ? readNumber(point) : readBuckets(point);
        if (measured === undefined) {
          rejected += 1;
          continue;
        }
        const attributes = readAttributes(point["attributes"]);
        items.push({
          series: digest([from, sender.scope, name, type, sorted(attributes)]),
          isDelta: type !== "gauge" && aggregationTemporality === DELTA,
          metric: {
            name,
            unit: asText(metric["unit"]),
            type: type === "exponentialHistogram" ? "histogram" : type,
            attributes,
            ...measured,
            timeNs: asInteger(point["timeUnixNano"]) ?? 0n,
            service: sender.service,
          },
        });
      }
    }
    rejected += asList(asObject(metric["summary"])["dataPoints"], "dataPoints").length;
  });
  return { items, rejected };
}

function sorted(attributes: Attributes): unknown[] {
  return Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function digest(value: unknown): string {
  const text = JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? `${item}n` : item,
  );
  return createHash("sha256").update(text).digest("base64url");
}

function readNumber(point: Record<string, unknown>): { value: number | bigint } | undefined {
  const integer = asInteger(point["asInt"]);
  if (integer !== undefined) return { value: integer };
  const value = point["asDouble"];
  return typeof value === "number" ? { value } : undefined;
}

function readBuckets(
  point: Record<string, unknown>,
): Pick<StoredMetric, "count" | "sum" | "buckets"> | undefined {
  const count = asInteger(point["count"]);
  if (count === undefined) return undefined;
  const sum = Number(point["sum"] ?? 0) || 0;
  const buckets =
    point["scale"] === undefined && point["positive"] === undefined
      ? explicitBuckets(point)
      : exponentialBuckets(point);
  return { count: Number(count), sum, buckets };
}

function explicitBuckets(point: Record<string, unknown>): StoredBucket[] {
  const bounds = asList(point["explicitBounds"], "explicitBounds");
  return asList(point["bucketCounts"], "bucketCounts").map((count, index) => ({
    upTo: typeof bounds[index] === "number" ? bounds[index] : Infinity,
    count: Number(asInteger(count) ?? 0n),
  }));
}

// Bucket i holds values up to 2^((i + 1) / 2^scale), counted from the offset.
function exponentialBuckets(point: Record<string, unknown>): StoredBucket[] {
  const scale = Number(point["scale"] ?? 0);
  const { offset, bucketCounts } = asObject(point["positive"]);
  const positive = asList(bucketCounts, "bucketCounts").map((count, index) => ({
    upTo: 2 ** ((Number(offset ?? 0) + index + 1) / 2 ** scale),
    count: Number(asInteger(count) ?? 0n),
  }));
  return [{ upTo: 0, count: Number(asInteger(point["zeroCount"]) ?? 0n) }, ...positive];
}

/** Adds a delta point to what its series held before. */
export function addMetric(before: StoredMetric, delta: StoredMetric): StoredMetric {
  if (delta.type !== "histogram") {
    const [a, b] = [before.value ?? 0, delta.value ?? 0];
    const value = typeof a === "bigint" && typeof b === "bigint" ? a + b : Number(a) + Number(b);
    return { ...delta, value };
  }
  const counts = new Map<number, number>();
  for (const { upTo, count } of [...(before.buckets ?? []), ...(delta.buckets ?? [])]) {
    counts.set(upTo, (counts.get(upTo) ?? 0) + count);
  }
  return {
    ...delta,
    count: (before.count ?? 0) + (delta.count ?? 0),
    sum: (before.sum ?? 0) + (delta.sum ?? 0),
    buckets: [...counts]
      .map(([upTo, count]) => ({ upTo, count }))
      .toSorted((a, b) => a.upTo - b.upTo),
  };
}
