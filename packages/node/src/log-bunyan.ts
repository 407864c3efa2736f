import { type Attributes, context, isSpanContextValid, trace } from "@opentelemetry/api";
import { exceptionAttributes, sendLog, whileWriting } from "./log-bridge.ts";
import { patchLogModule } from "./log-module.ts";
import { severityOfNumber } from "./log-severity.ts";
import { logValue } from "./log-value.ts";

/** What all of its methods call. */
const EMIT = "_emit";

interface BunyanLogger {
  streams: readonly { level: number }[];
  [EMIT]: (record: BunyanRecord, isProbe?: boolean) => unknown;
}

type BunyanRecord = Record<string, unknown> & { level: number };

const NAMES: Readonly<Record<number, string>> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warn",
  50: "error",
  60: "fatal",
};
const patched = new WeakSet<object>();

/** Sends what bunyan writes to one of its streams, after the application's serializers; no stream is added. */
export function bridgeBunyan(): void {
  patchLogModule({
    name: "bunyan",
    versions: [">=1 <3"],
    patch: (exported) => patchLogger((exported as { prototype: BunyanLogger }).prototype),
  });
}

function patchLogger(exported: BunyanLogger): void {
  // Upstream's instrumentation puts a class of its own before the one whose method loggers have.
  let prototype = exported;
  while (!Object.hasOwn(prototype, EMIT)) {
    prototype = Object.getPrototypeOf(prototype) as BunyanLogger;
  }
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const { [EMIT]: emit } = prototype;
  prototype[EMIT] = function emitSeen(record, ...more) {
    writeIds(record);
    const isWritten =
      more[0] !== true && this.streams.some((stream) => stream.level <= record.level);
    if (isWritten) send(record);
    return whileWriting(
      () => record["msg"],
      () => Reflect.apply(emit, this, [record, ...more]),
    );
  };
}

// As upstream's instrumentation does, which knows bunyan 1 only.
function writeIds(record: BunyanRecord): void {
  const span = trace.getSpan(context.active())?.spanContext();
  if (span === undefined || !isSpanContextValid(span) || Object.hasOwn(record, "trace_id")) return;
  record["trace_id"] = span.traceId;
  record["span_id"] = span.spanId;
  record["trace_flags"] = `0${span.traceFlags.toString(16)}`;
}

function send(record: BunyanRecord): void {
  sendLog("bunyan", () => {
    const { time, level, msg, err, v: _v, hostname: _hostname, pid: _pid, ...fields } = record;
    if (trace.getSpan(context.active()) !== undefined) {
      for (const id of ["trace_id", "span_id", "trace_flags"]) delete fields[id];
    }
    const severityText = NAMES[level];
    return {
      ...(time instanceof Date ? { timestamp: time } : {}),
      severityNumber: severityOfNumber(level),
      ...(severityText === undefined ? {} : { severityText }),
      body: logValue(msg),
      attributes: {
        ...(logValue(fields) as Attributes),
        ...(err === undefined ? {} : errorAttributes(err)),
      },
    };
  });
}

// Bunyan's serializer gives the class of an error as its name.
function errorAttributes(error: unknown): Attributes {
  if (typeof error !== "object" || error === null) return { err: logValue(error) };
  const { name: _name, message: _message, stack: _stack, ...rest } = error as Attributes;
  const more = logValue(rest) as Attributes;
  return {
    ...exceptionAttributes(error),
    ...(Object.keys(more).length === 0 ? {} : { err: more }),
  };
}
