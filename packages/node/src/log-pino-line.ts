import { type AnyValue, type Attributes, context, trace } from "@opentelemetry/api";
import { exceptionAttributes } from "./log-bridge.ts";
import type { ReadLine } from "./log-line.ts";
import type { PinoLogger } from "./log-pino.ts";

type Read = (line: string) => ReadLine;

const EVENT_NAME = "otel.event.name"; // as upstream's bridge has it

/**
 * Gives what makes the reader of a logger's lines; all that a line says is kept, once.
 *
 * Level, process and host are on the record and its resource already, as are the ids that were written into the line.
 */
export function pinoLineReader(
  symbols: Readonly<Record<string, symbol>>,
  times: readonly unknown[],
): (logger: PinoLogger) => Read {
  const { messageKeySym, errorKeySym, timeSym } = symbols;
  const part = (logger: PinoLogger, symbol: symbol | undefined): unknown =>
    symbol === undefined ? undefined : logger[symbol];
  const keyOf = (logger: PinoLogger, symbol: symbol | undefined, otherwise: string): string => {
    const key = part(logger, symbol);
    return typeof key === "string" ? key : otherwise;
  };

  return (logger) => {
    const messageKey = keyOf(logger, messageKeySym, "msg");
    const errorKey = keyOf(logger, errorKeySym, "err");
    const isOwnTime = !times.includes(part(logger, timeSym));
    const hasIds = trace.getSpan(context.active()) !== undefined;
    return (line) => {
      const { time, level: _level, pid: _pid, hostname: _hostname, ...rest } = parse(line);
      const { [messageKey]: body, [errorKey]: error, [EVENT_NAME]: eventName, ...fields } = rest;
      if (hasIds) for (const id of ["trace_id", "span_id", "trace_flags"]) delete fields[id];
      if (isOwnTime && time !== undefined) fields["time"] = time;
      return {
        body,
        attributes: { ...fields, ...errorAttributes(errorKey, error) },
        ...(typeof eventName === "string" ? { eventName } : {}),
      };
    };
  };
}

function parse(line: string): Record<string, AnyValue> {
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed === "object" && parsed !== null) return parsed as Record<string, AnyValue>;
  } catch {
    // A formatter or a hook of the application writes something else: the line is the message.
  }
  return { msg: line.trimEnd() };
}

function errorAttributes(key: string, error: AnyValue): Attributes {
  if (error === undefined) return {};
  const attributes = exceptionAttributes(error);
  if (typeof error !== "object" || error === null) return { ...attributes, [key]: error };
  const { type: _type, message: _message, stack: _stack, ...rest } = error as Attributes;
  return Object.keys(rest).length === 0 ? attributes : { ...attributes, [key]: rest };
}
