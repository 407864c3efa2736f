import { format } from "node:util";
import { isMainThread, workerData } from "node:worker_threads";
import { type LogRecord, SeverityNumber } from "@opentelemetry/api";
import { exceptionAttributes, isWriting, sendLog, whileWriting } from "./log-bridge.ts";

type Method = "debug" | "log" | "info" | "warn" | "error" | "trace";

const SEVERITIES: Readonly<Record<Method, SeverityNumber>> = {
  trace: SeverityNumber.TRACE,
  debug: SeverityNumber.DEBUG,
  log: SeverityNumber.INFO,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};
const LEAST: Readonly<Record<string, SeverityNumber>> = {
  debug: SeverityNumber.TRACE,
  info: SeverityNumber.INFO,
  warn: SeverityNumber.WARN,
  error: SeverityNumber.ERROR,
};

/**
 * Sends what is written on the console as log records, from `least` upward: "debug", "info", "warn" or "error".
 *
 * What a logger's transport writes on it is sent already and is left out, as is the console of pino's and other
 * transports' threads. The console itself writes what it wrote before.
 */
export function bridgeConsole(least: string): void {
  if (isTransportThread()) return;
  for (const method of Object.keys(SEVERITIES) as Method[]) {
    const isSent = SEVERITIES[method] >= (LEAST[least] ?? SeverityNumber.INFO);
    // console.trace calls console.error, which would be sent.
    if (isSent || method === "trace") watch(method, isSent);
  }
}

function watch(method: Method, isSent: boolean): void {
  const write = method === "trace" ? traced(console.error) : console[method];
  const written = {
    [method](...given: unknown[]): void {
      if (isSent && !isWriting()) sendLog("console", () => recordOf(method, given));
      // A bridge of the application may send what it is given.
      whileWriting(
        () => format(...given),
        () => Reflect.apply(write, console, given),
      );
    },
  };
  console[method] = written[method] as typeof write;
}

// As Node's, whose stack begins where the application calls; behind ours it would begin in this file.
function traced(write: (text: string) => void): (...given: unknown[]) => void {
  return (...given) => {
    const trace = { name: "Trace", message: format(...given), stack: "" };
    Error.captureStackTrace(trace, console.trace);
    Reflect.apply(write, console, [trace.stack]);
  };
}

function recordOf(method: Method, given: readonly unknown[]): LogRecord {
  const error = given.find((each) => each instanceof Error);
  return {
    severityNumber: SEVERITIES[method],
    severityText: method === "log" ? "info" : method,
    body: format(...given),
    ...(error === undefined ? {} : { attributes: exceptionAttributes(error) }),
  };
}

// thread-stream, on which pino's transports run, names itself in what it gives to its thread.
function isTransportThread(): boolean {
  const data = workerData as {
    workerData?: { $context?: { threadStreamVersion?: string } };
  } | null;
  return !isMainThread && data?.workerData?.$context?.threadStreamVersion !== undefined;
}
