import {
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  METRIC_FINANCE_PAYMENT_AMOUNT_MINOR,
  METRIC_FINANCE_PAYMENT_DURATION,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
  METRIC_FINANCE_PROVIDER_CALLBACKS,
} from "@assay/semconv";
import { groupSeries, sumOf, type SeriesGroup } from "./group-series.ts";
import { formatMoney } from "./money.ts";
import type { StoredMetric } from "./otlp-metrics.ts";
import { formatBound } from "./quantile.ts";
import { styleOf } from "./span-facts.ts";
import type { TelemetryStore } from "./store.ts";
import { table, type Cell, type Column } from "./table.ts";
import { draw, type DrawOptions, type Line } from "./terminal.ts";

const METRIC_HTTP_SERVER_REQUEST_DURATION = "http.server.request.duration";

const BLANK: Line = [];

/** Draws the metrics: payments by outcome, money, time, callbacks, and HTTP requests by route. */
export function renderOutcomes(store: TelemetryStore, options: DrawOptions = {}): string {
  const metrics = store.metrics();
  const tables = [
    transactions(metrics),
    amounts(metrics),
    durations(metrics),
    callbacks(metrics),
    requests(metrics),
  ].filter((lines) => lines.length > 0);
  const lines = tables.flatMap((found, index) => (index === 0 ? found : [BLANK].concat(found)));
  return draw(lines.length === 0 ? [[["  none", "dim"]]] : lines, options);
}

function transactions(metrics: readonly StoredMetric[]): Line[] {
  const groups = groupSeries(metrics, METRIC_FINANCE_PAYMENT_TRANSACTIONS, [
    ATTR_FINANCE_OUTCOME,
    ATTR_FINANCE_FAILURE_DOMAIN,
    ATTR_FINANCE_PAYMENT_METHOD,
    ATTR_FINANCE_CURRENCY_CODE,
  ]).filter(hasCounted);
  const headings = ["outcome", "failure domain", "method", "currency", "#payments"];
  return section(headings, groups.map(countRow).map(withOutcome));
}

function amounts(metrics: readonly StoredMetric[]): Line[] {
  const groups = groupSeries(metrics, METRIC_FINANCE_PAYMENT_AMOUNT_MINOR, [
    ATTR_FINANCE_CURRENCY_CODE,
  ]).filter(hasCounted);
  return section(["#amount completed"], groups.map(amountRow));
}

function durations(metrics: readonly StoredMetric[]): Line[] {
  const groups = groupSeries(metrics, METRIC_FINANCE_PAYMENT_DURATION, [
    ATTR_FINANCE_OUTCOME,
    ATTR_FINANCE_PAYMENT_METHOD,
  ]);
  const headings = ["time to outcome", "method", "#payments", "#p50, by bucket", "#p95, by bucket"];
  return section(headings, groups.map(timeRow).map(withOutcome));
}

function callbacks(metrics: readonly StoredMetric[]): Line[] {
  const groups = groupSeries(metrics, METRIC_FINANCE_PROVIDER_CALLBACKS, [
    ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
    ATTR_FINANCE_PROVIDER_NAME,
  ]).filter(hasCounted);
  return section(["callback", "provider", "#received"], groups.map(countRow));
}

function requests(metrics: readonly StoredMetric[]): Line[] {
  const groups = groupSeries(metrics, METRIC_HTTP_SERVER_REQUEST_DURATION, [
    "http.request.method",
    "http.route",
    "http.response.status_code",
  ]);
  return section(
    ["request", "route", "status", "#requests", "#p50, by bucket", "#p95, by bucket"],
    groups.map(timeRow),
  );
}

// Every series begins at zero, long before there is something to show.
function hasCounted({ series }: SeriesGroup): boolean {
  return Number(sumOf(series)) !== 0;
}

function countRow({ labels, series }: SeriesGroup): Cell[] {
  return [...labels, String(sumOf(series))];
}

function amountRow({ labels: [currency = ""], series }: SeriesGroup): Cell[] {
  const sum = sumOf(series);
  // A sum that is not whole was a float on its way, and is no money.
  return [typeof sum === "bigint" ? formatMoney(sum, currency) : `${currency} not whole: ${sum}`];
}

function timeRow({ labels, series }: SeriesGroup): Cell[] {
  const buckets = series.flatMap((metric) => metric.buckets ?? []);
  const count = series.reduce((sum, metric) => sum + (metric.count ?? 0), 0);
  return [...labels, String(count), formatBound(buckets, 0.5), formatBound(buckets, 0.95)];
}

// The first cell of a row is an outcome.
function withOutcome([outcome = "", ...cells]: readonly Cell[]): Cell[] {
  return [[String(outcome), styleOf(String(outcome))], ...cells];
}

// A heading that begins with # is that of a column of numbers.
function section(headings: readonly string[], rows: readonly (readonly Cell[])[]): Line[] {
  if (rows.length === 0) return [];
  const columns = headings.map((heading): Column =>
    heading.startsWith("#") ? { heading: heading.slice(1), isNumber: true } : { heading },
  );
  return table(columns, rows);
}
