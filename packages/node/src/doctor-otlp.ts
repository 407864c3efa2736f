import { diag, DiagLogLevel } from "@opentelemetry/api";
import { AlwaysOnSampler, type ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Config } from "./config.ts";
import { envOf } from "./declared.ts";
import { deliver, type Delivery } from "./delivery.ts";
import { encodingOf } from "./encoding.ts";
import { gateSpans } from "./gate-spans.ts";
import { createRedactors } from "./redactors.ts";
import { createResource } from "./resource.ts";
import { otlpSpans } from "./otlp.ts";
import { spanWriter } from "./span-writer.ts";
import { tlsFiles } from "./tls-files.ts";
import { createTracerProvider } from "./tracer-provider.ts";

/** How the Collector took a span. */
export interface RoundTrip {
  delivery: Delivery;
  /** What it said of a part that it did not take. */
  partial: string[];
  traceId: string;
}

/** Sends a real span by the configured way, through the gate, and waits for the acknowledgement. */
export async function sendSpan(config: Config): Promise<RoundTrip> {
  const partial: string[] = [];
  const note = (...parts: unknown[]): void => {
    const text = parts.map((part) => (typeof part === "string" ? part : JSON.stringify(part)));
    if (/partial success/i.test(text.join(" "))) partial.push(text.join(" "));
  };
  const silent = (): void => {};
  diag.setLogger(
    { error: note, warn: note, info: note, debug: silent, verbose: silent },
    { logLevel: DiagLogLevel.INFO, suppressOverrideMessage: true },
  );
  let ended: ReadableSpan | undefined;
  const provider = createTracerProvider({
    resource: createResource("0.1.0"),
    sampler: new AlwaysOnSampler(),
    spanProcessors: [
      {
        onStart() {},
        onEnd(span) {
          ended = span;
        },
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  const span = provider.getTracer("@assay/node").startSpan("assay.doctor");
  span.end();
  const redactorFor = createRedactors(config, { found() {}, dropped() {}, counted() {} });
  const encoding = encodingOf(config.tracesProtocol, config);
  const sender = otlpSpans(encoding, envOf(config));
  const redacted = gateSpans(redactorFor)(ended as ReadableSpan);
  const delivery = await deliver(
    () => sender,
    spanWriter(
      encoding,
      () => "other",
      () => {},
    )([redacted]),
  );
  return { delivery, partial, traceId: span.spanContext().traceId };
}

/** Gives the URL to which spans go. */
export function tracesUrl(env: NodeJS.ProcessEnv): string {
  const own = env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
  const base = env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? "http://localhost:4318";
  return own ?? `${base.replace(/\/$/, "")}/v1/traces`;
}

/**
 * Gives by how many seconds the Collector's clock is ahead of this one, by the Date of an answer; undefined when it has
 * none. The header has whole seconds, so that one second is no difference.
 */
export async function clockOffset(url: string, timeoutMs: number): Promise<number | undefined> {
  const isTls = url.startsWith("https:");
  const { request } = isTls
    ? (require("node:https") as typeof import("node:https"))
    : (require("node:http") as typeof import("node:http"));
  const began = Date.now();
  const date = await new Promise<string | undefined>((resolve) => {
    const asked = request(
      url,
      { method: "GET", timeout: timeoutMs, ...(isTls ? tlsFiles("TRACES", process.env) : {}) },
      (response) => {
        response.resume();
        resolve(response.headers.date);
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(undefined)); // told by the round trip
    asked.end();
  });
  if (date === undefined) return undefined;
  const middle = (began + Date.now()) / 2;
  const ahead = (Date.parse(date) + 500 - middle) / 1_000;
  return Math.abs(ahead) <= 1 ? 0 : Math.round(ahead);
}
