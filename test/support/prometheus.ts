import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { backendPath, ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "./folder.ts";
import { freePort, type Service, spawnService } from "./process.ts";
import { answersOk, getJson, waitFor } from "./wait.ts";

/** One series of an instant query: its labels and its newest value. */
export interface Series {
  metric: Record<string, string>;
  value: number;
}

export interface Exemplar {
  labels: Record<string, string>;
  value: number;
  /** Seconds since 1970. */
  timestamp: number;
}

export interface ExemplarSeries {
  seriesLabels: Record<string, string>;
  exemplars: Exemplar[];
}

export interface PrometheusOptions {
  /** host:port of the Collector's own metrics. */
  collectorMetrics?: string;
  /** host:port of an application's /metrics. */
  app?: string;
  /** How the application's /metrics is asked: by TLS of this authority, with the token of this file. */
  appAccess?: { caFile: string; tokenFile: string };
  /** Expressions that are recorded, by the name of their series. */
  rules?: Record<string, string>;
  port?: number;
  scrapeInterval?: string;
}

export interface Prometheus extends Service {
  url: string;
  query(expression: string): Promise<Series[]>;
  /** `start` and `end` default to the last hour. */
  exemplars(expression: string, start?: Date, end?: Date): Promise<ExemplarSeries[]>;
  /** Waits until the query answers with series that `until` accepts (default: at least one). */
  waitForSeries(
    expression: string,
    until?: (series: Series[]) => boolean,
    deadlineMs?: number,
  ): Promise<Series[]>;
  /** Waits until an exemplar of the expression carries the trace id. */
  waitForExemplar(expression: string, traceId: string, deadlineMs?: number): Promise<Exemplar>;
}

const HOUR_MS = 3_600_000;

/** Starts Prometheus with collector/prometheus.yaml, its targets and interval replaced; it takes OTLP. */
export async function startPrometheus(options: PrometheusOptions = {}): Promise<Prometheus> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = cleanUp.use(await temporaryFolder("prometheus")).path;
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const config = join(folder, "prometheus.yaml");
  const committed = await readFile(join(ROOT, "collector/prometheus.yaml"), "utf8");
  await writeFile(config, withTargets(committed, options));
  if (options.rules !== undefined) {
    const rules = Object.entries(options.rules).map(([record, expr]) => ({ record, expr }));
    const groups = [{ name: "test", interval: "1s", rules }];
    await writeFile(join(folder, "rules.yaml"), JSON.stringify({ groups }));
  }

  const service = cleanUp.use(
    await spawnService({
      name: "Prometheus",
      command: backendPath("prometheus"),
      args: [
        `--config.file=${config}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--web.enable-otlp-receiver",
        "--enable-feature=exemplar-storage",
      ],
      ready: () => answersOk(`${url}/-/ready`),
    }),
  );

  async function query(expression: string): Promise<Series[]> {
    const { data } = await getJson<{ data: { result: Sample[] } }>(
      `${url}/api/v1/query?query=${encodeURIComponent(expression)}`,
    );
    return data.result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  async function exemplars(
    expression: string,
    start = new Date(Date.now() - HOUR_MS),
    end = new Date(Date.now() + HOUR_MS),
  ): Promise<ExemplarSeries[]> {
    const search = new URLSearchParams({
      query: expression,
      start: start.toISOString(),
      end: end.toISOString(),
    });
    const { data } = await getJson<{ data: RawExemplars[] }>(
      `${url}/api/v1/query_exemplars?${search.toString()}`,
    );
    return data.map((series) => ({
      seriesLabels: series.seriesLabels,
      exemplars: series.exemplars.map((each) => ({ ...each, value: Number(each.value) })),
    }));
  }

  const owned = cleanUp.move();
  return Object.assign(service, {
    url,
    query,
    exemplars,
    waitForSeries(expression, until = (found) => found.length > 0, deadlineMs = 20_000) {
      return waitFor(
        async () => {
          const series = await query(expression);
          return until(series) ? series : undefined;
        },
        { what: `${expression} in Prometheus`, deadlineMs, everyMs: 100 },
      );
    },
    waitForExemplar(expression, traceId, deadlineMs = 20_000) {
      return waitFor(
        async () =>
          (await exemplars(expression))
            .flatMap((series) => series.exemplars)
            .find((each) => each.labels.trace_id === traceId),
        { what: `an exemplar of ${expression} with trace ${traceId}`, deadlineMs, everyMs: 100 },
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  } satisfies Omit<Prometheus, Exclude<keyof Service, symbol>>);
}

interface Sample {
  metric: Record<string, string>;
  value: [number, string];
}

interface RawExemplars {
  seriesLabels: Record<string, string>;
  exemplars: { labels: Record<string, string>; value: string; timestamp: number }[];
}

/** The committed file with the addresses of this run; a target that this run lacks is taken out. */
function withTargets(
  committed: string,
  { collectorMetrics, app, appAccess, rules, scrapeInterval = "1s" }: PrometheusOptions,
): string {
  const targets = (address: string | undefined): string =>
    `targets: [${address === undefined ? "" : JSON.stringify(address)}]`;
  return [
    [`targets: ["127.0.0.1:8888"]`, targets(collectorMetrics)],
    [`targets: ["127.0.0.1:9464"]`, targets(app)],
    ["  - job_name: application\n", `  - job_name: application\n${accessOf(appAccess)}`],
    [
      "scrape_configs:",
      `${rules === undefined ? "" : "rule_files: [rules.yaml]\n"}scrape_configs:`,
    ],
    ["scrape_interval: 15s", `scrape_interval: ${scrapeInterval}`],
    ["scrape_timeout: 10s", `scrape_timeout: ${scrapeInterval}`],
  ].reduce((text, [from, to]) => {
    if (!text.includes(from!)) {
      throw new Error(`collector/prometheus.yaml has no \`${from}\` to replace.`);
    }
    return text.replace(from!, to!);
  }, committed);
}

function accessOf(access: PrometheusOptions["appAccess"]): string {
  if (access === undefined) return "";
  return [
    "    scheme: https",
    `    tls_config: { ca_file: ${JSON.stringify(access.caFile)} }`,
    `    authorization: { credentials_file: ${JSON.stringify(access.tokenFile)} }`,
    "",
  ].join("\n");
}
