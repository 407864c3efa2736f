import type { Bugsink } from "../support/bugsink.ts";
import type { Collector } from "../support/collector.ts";
import type { Jaeger } from "../support/jaeger.ts";
import type { Prometheus } from "../support/prometheus.ts";
import { getJson } from "../support/wait.ts";

const EVERYTHING = `{__name__=~".+"}`;

/** All that Jaeger gives by its API, in both its forms. */
export async function readJaeger({ queryUrl }: Jaeger): Promise<string[]> {
  const { data: services } = await getJson<{ data: string[] | null }>(`${queryUrl}/api/services`);
  const texts = (services ?? []).map(async (service) => {
    const name = encodeURIComponent(service);
    const hour = 3_600_000;
    const from = new Date(Date.now() - hour).toISOString();
    const to = new Date(Date.now() + hour).toISOString();
    return Promise.all([
      read(`${queryUrl}/api/services/${name}/operations`),
      read(`${queryUrl}/api/traces?service=${name}&limit=10000&lookback=1h`),
      read(
        `${queryUrl}/api/v3/traces?query.service_name=${name}&query.start_time_min=${from}&query.start_time_max=${to}&query.num_traces=10000`,
      ),
    ]);
  });
  return [JSON.stringify(services), ...(await Promise.all(texts)).flat()];
}

/** The ids of the spans in what `readJaeger` gave. */
export function storedSpans(jaeger: readonly string[]): Set<string> {
  const traces = jaeger
    .filter((text) => text.includes(`"operationName":`))
    .flatMap((text) => (JSON.parse(text) as { data?: { spans?: { spanID: string }[] }[] }).data);
  return new Set(traces.flatMap((trace) => trace?.spans?.map(({ spanID }) => spanID) ?? []));
}

/** All that Prometheus gives by its API: series with their values, labels, help texts, exemplars. */
export async function readPrometheus({ url }: Prometheus): Promise<string[]> {
  const everything = encodeURIComponent(EVERYTHING);
  const hour = 3_600;
  const now = Date.now() / 1_000;
  return Promise.all([
    read(`${url}/api/v1/series?match[]=${everything}`),
    read(`${url}/api/v1/labels`),
    read(`${url}/api/v1/label/__name__/values`),
    read(`${url}/api/v1/metadata`),
    read(`${url}/api/v1/targets/metadata`),
    read(`${url}/api/v1/query?query=${everything}`),
    read(`${url}/api/v1/query_exemplars?query=${everything}&start=${now - hour}&end=${now + hour}`),
    read(`${url}/federate?match[]=${everything}`),
  ]);
}

/** Every issue of bugsink and the whole of every event. */
export async function readBugsink(bugsink: Bugsink): Promise<string[]> {
  const issues = await bugsink.issues();
  const texts: string[] = [];
  // One issue after the other: each asks for all its events at once already.
  for (const issue of issues) {
    texts.push(JSON.stringify(issue), JSON.stringify(await bugsink.events(issue.id)));
  }
  return texts;
}

/** True when none of the Collector's queues holds anything: what was to arrive has arrived. */
export async function isEmptied({ metricsUrl }: Collector): Promise<boolean> {
  const text = await read(metricsUrl);
  const sizes = [...text.matchAll(/^otelcol_exporter_queue_size\{.*\} (\S+)$/gm)];
  return sizes.length > 0 && sizes.every(([, size]) => Number(size) === 0);
}

async function read(url: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}
