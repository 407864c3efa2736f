import { logs, SeverityNumber } from "@opentelemetry/api";
import type { Resource } from "@opentelemetry/resources";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";
import { ATTR_ASSAY_ERROR_ID } from "@assay/semconv/assay";
import type { CaptureHint, ErrorClient } from "@assay/sentry";
import type { Config } from "./config.ts";
import { createSay } from "./diagnostics.ts";
import type { RedactorFor } from "./gate-values.ts";
import type { End } from "./open-spans.ts";
import type { SelfMetrics } from "./self-metrics.ts";

/** The way of errors to Sentry: the client, and what sees the exceptions that spans record. */
export interface Errors {
  client: ErrorClient;
  spanProcessors: SpanProcessor[];
}

/**
 * Starts the error client when there is a SENTRY_DSN.
 *
 * Its package is loaded only then: a service whose Collector makes the issues does not pay for it. What cannot be
 * started is told in one sentence, and the rest of Assay goes on.
 */
export function startErrors(
  config: Config,
  resource: Resource,
  redactorFor: RedactorFor,
  self: SelfMetrics,
): Errors | undefined {
  if (config.sentryDsn === "") return undefined;
  const say = createSay(() => redactorFor("diagnostic"), "ASSAY_SENTRY");
  const { attributes } = resource;
  const environment = config.sentryEnvironment || attributes["deployment.environment.name"];
  const release = attributes["service.version"];
  try {
    const sentry = require("./sentry") as typeof import("./sentry.ts");
    const client = sentry.startErrorClient({
      dsn: config.sentryDsn,
      redactor: redactorFor("error", "errors"),
      ...(typeof release === "string" ? { release } : {}),
      ...(typeof environment === "string" ? { environment } : {}),
      serviceName: String(attributes["service.name"]),
      onDropped: (_reason, count) => self.dropped("errors", "rejected", count),
      onDiagnostic: say,
    });
    shareCapture(client);
    return { client, spanProcessors: [sentry.recordExceptionBridge(client)] };
  } catch (error) {
    say(
      `errors do not go to Sentry: ${error instanceof Error ? error.message : "no reason given"}`,
    );
    return undefined;
  }
}

// Where `captureFinancialError` of @assay/finance finds the client; neither package knows the other.
const CAPTURE = Symbol.for("assay.error.capture");

function shareCapture(client: ErrorClient): void {
  const shared = globalThis as { [CAPTURE]?: (error: unknown, hint: CaptureHint) => void };
  shared[CAPTURE] = (error, hint) => {
    client.capture(error, { mechanism: "captureFinancialError", ...hint });
  };
}

/**
 * Reports what ends the process, to Sentry and as a log record for the Collector's error route.
 *
 * The monitor sees the exception and changes nothing about it; the exit handler sends what is recorded here. Gives what
 * was thrown in this turn of the event loop and handled by nobody, or by a listener that ends the process at once.
 */
export function watchUncaught(
  client: () => ErrorClient | undefined,
  self: SelfMetrics,
): () => End | undefined {
  let thrown: End | undefined;
  process.on("uncaughtExceptionMonitor", (error: unknown, origin) => {
    const by = origin === "unhandledRejection" ? "unhandled_rejection" : "uncaught_exception";
    thrown = { by, error };
    // When there is another turn, the application has handled it.
    setImmediate(() => {
      thrown = undefined;
    }).unref();
    try {
      report(client(), error, origin);
    } catch {
      // Anything can be thrown, also what cannot be read or printed. A throw from here would end an application that
      // handles its exceptions.
      self.dropped("errors", "rejected", 1);
    }
  });
  return () => thrown;
}

function report(client: ErrorClient | undefined, error: unknown, origin: string): void {
  // With a listener of its own the application goes on.
  const isFatal = process.listenerCount("uncaughtException") === 0;
  const level = isFatal ? "fatal" : "error";
  // Outside a trace the time is what both ways make the event's id of.
  const time = Date.now();
  const timeUnixNano = `${time}000000`;
  const captured = client?.capture(error, {
    handled: !isFatal,
    mechanism: origin,
    level,
    timeUnixNano,
  });
  const message = error instanceof Error ? error.message : String(error);
  logs.getLogger("@assay/node").emit({
    severityNumber: isFatal ? SeverityNumber.FATAL : SeverityNumber.ERROR,
    timestamp: new Date(time),
    severityText: level.toUpperCase(),
    body: `${origin}: ${message}`,
    exception: error ?? String(error), // nothing thrown is no exception to a log record
    ...(captured === undefined ? {} : { attributes: { [ATTR_ASSAY_ERROR_ID]: captured } }),
  });
}
