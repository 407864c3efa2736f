import { backendPath, ROOT } from "../../scripts/backends.mjs";
import { freePort, spawnService } from "./process.ts";
import { type Restartable, restartable } from "./restartable.ts";
import { answersOk, getJson, waitFor } from "./wait.ts";

/** A tag in Jaeger's JSON. */
export interface JaegerTag {
  key: string;
  type: string;
  value: string | number | boolean;
}

export interface JaegerSpan {
  traceID: string;
  spanID: string;
  operationName: string;
  /** The parent is CHILD_OF within the trace; a link is FOLLOWS_FROM or points to another trace. */
  references: { refType: "CHILD_OF" | "FOLLOWS_FROM"; traceID: string; spanID: string }[];
  /** Microseconds since 1970. */
  startTime: number;
  /** Microseconds. */
  duration: number;
  tags: JaegerTag[];
  /** Span events; the event's name is the field "event". */
  logs: { timestamp: number; fields: JaegerTag[] }[];
  processID: string;
  warnings: string[] | null;
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
  processes: Record<string, { serviceName: string; tags: JaegerTag[] }>;
}

export interface TraceSearch {
  service: string;
  /** Every one must be on one span of the trace. */
  tags?: Record<string, string>;
  limit?: number;
}

/** Its memory is its storage: after a restart it has no traces. */
export interface Jaeger extends Restartable {
  /** Base URL of the query API. */
  queryUrl: string;
  /** host:port for OTLP over gRPC. */
  otlpGrpc: string;
  otlpHttpUrl: string;
  trace(traceId: string): Promise<JaegerTrace | undefined>;
  findTraces(search: TraceSearch): Promise<JaegerTrace[]>;
  /** Waits for a trace that has all its spans, by `until` (default: at least one span). */
  waitForTrace(
    traceId: string,
    until?: (trace: JaegerTrace) => boolean,
    deadlineMs?: number,
  ): Promise<JaegerTrace>;
}

/** Starts Jaeger with its memory storage on free ports, by collector/jaeger.yaml. */
export async function startJaeger(): Promise<Jaeger> {
  const [http, queryGrpc, grpc, otlpHttp] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const queryUrl = `http://127.0.0.1:${http}`;
  const service = await restartable(() =>
    spawnService({
      name: "Jaeger",
      command: backendPath("jaeger"),
      args: ["--config", `${ROOT}collector/jaeger.yaml`],
      env: {
        ASSAY_JAEGER_QUERY_PORT: String(http),
        ASSAY_JAEGER_QUERY_GRPC_PORT: String(queryGrpc),
        ASSAY_JAEGER_OTLP_GRPC_PORT: String(grpc),
        ASSAY_JAEGER_OTLP_HTTP_PORT: String(otlpHttp),
      },
      ready: () => answersOk(`${queryUrl}/api/services`),
    }),
  );

  async function trace(traceId: string): Promise<JaegerTrace | undefined> {
    const response = await fetch(`${queryUrl}/api/traces/${traceId}`);
    if (response.status === 404) {
      await response.body?.cancel();
      return undefined;
    }
    if (!response.ok) {
      throw new Error(`Jaeger answered ${response.status}: ${await response.text()}`);
    }
    return ((await response.json()) as { data: JaegerTrace[] }).data[0];
  }

  return Object.assign(service, {
    queryUrl,
    otlpGrpc: `127.0.0.1:${grpc}`,
    otlpHttpUrl: `http://127.0.0.1:${otlpHttp}`,
    trace,
    async findTraces({ service: name, tags = {}, limit = 1000 }) {
      const url = new URL("/api/traces", queryUrl);
      url.searchParams.set("service", name);
      url.searchParams.set("tags", JSON.stringify(tags));
      url.searchParams.set("limit", String(limit));
      url.searchParams.set("lookback", "24h");
      return (await getJson<{ data: JaegerTrace[] }>(url)).data;
    },
    waitForTrace(traceId, until = () => true, deadlineMs = 15_000) {
      return waitFor(
        async () => {
          const found = await trace(traceId);
          return found !== undefined && until(found) ? found : undefined;
        },
        { what: `trace ${traceId} in Jaeger`, deadlineMs, everyMs: 100 },
      );
    },
  } satisfies Omit<Jaeger, keyof Restartable>);
}
