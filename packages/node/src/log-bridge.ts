import {
  type AnyValue,
  type Attributes,
  context,
  diag,
  type Logger,
  type LogRecord,
  logs,
} from "@opentelemetry/api";
import { isTracingSuppressed } from "@opentelemetry/core";
import {
  ATTR_EXCEPTION_MESSAGE,
  ATTR_EXCEPTION_STACKTRACE,
  ATTR_EXCEPTION_TYPE,
} from "@opentelemetry/semantic-conventions";
import { ATTR_ASSAY_ERROR_ID } from "@assay/semconv/assay";
import { errorIdOf } from "@assay/semconv/error-id";

/** The loggers whose records are sent, and the scopes under which upstream's bridges send the same. */
const OTHERS: Readonly<Record<string, string>> = {
  pino: "@opentelemetry/instrumentation-pino",
  winston: "@opentelemetry/winston-transport",
  bunyan: "@opentelemetry/instrumentation-bunyan",
};

const loggers = new Map<string, Logger>();
const duplicated = new Set<string>();
let isSending = false;
let failed = false;
/** What loggers are writing at the moment, innermost last. */
const writing: (() => unknown)[] = [];

/**
 * Sends what a logger of the application writes as a log record, under the logger's name as scope.
 *
 * Never throws into the logger. `make` is not called when nothing is to be sent: for what is logged while telemetry is
 * being sent, or while a record is being made, as by a getter that logs.
 */
export function sendLog(scope: string, make: () => LogRecord): void {
  if (isSending || isTracingSuppressed(context.active())) return;
  isSending = true;
  try {
    let logger = loggers.get(scope);
    if (logger === undefined) {
      logger = logs.getLogger(scope);
      loggers.set(scope, logger);
      const other = OTHERS[scope];
      if (other !== undefined) duplicated.add(other);
    }
    logger.emit(make());
  } catch (error) {
    if (!failed) diag.error(`log records of ${scope} cannot be sent; told once`, error);
    failed = true;
  } finally {
    isSending = false;
  }
}

/**
 * Calls `write`, in which a logger puts what `text` gives on its way: what comes from within it is the same record again.
 */
export function whileWriting<Result>(text: () => unknown, write: () => Result): Result {
  writing.push(text);
  try {
    return write();
  } finally {
    writing.pop();
  }
}

/** Whether a logger is writing a record; then a line on the console is that record. */
export function isWriting(): boolean {
  return writing.length > 0;
}

/**
 * Whether a record is one that a bridge of the application sends of a line that is sent already.
 *
 * Upstream's are known by their scopes. One of the application's own emits, while the logger writes, a record with the
 * line's message.
 */
export function isDuplicate(scope: string, body: unknown): boolean {
  if (loggers.has(scope)) return false;
  if (duplicated.has(scope)) return true;
  if (typeof body !== "string" || body === "" || writing.length === 0) return false;
  const quoted = JSON.stringify(body).slice(1, -1);
  return writing.some((text) => {
    const written = String(text());
    return written.includes(body) || written.includes(quoted);
  });
}

/** Gives the attributes of an error, under its class and not its code, as the conventions have it. */
export function exceptionAttributes(error: unknown): Attributes {
  if (typeof error === "string") return { [ATTR_EXCEPTION_MESSAGE]: error };
  if (typeof error !== "object" || error === null) return {};
  const { type, name, message, stack } = error as Record<string, unknown>;
  // Serialised, the class is under one name or the other; an error itself may have a `type` of its own.
  const isSerialised = !(error instanceof Error) && typeof type === "string";
  const found: [string, AnyValue][] = [
    [ATTR_EXCEPTION_TYPE, isSerialised ? type : name],
    [ATTR_EXCEPTION_MESSAGE, message],
    [ATTR_EXCEPTION_STACKTRACE, stack],
  ];
  return {
    ...Object.fromEntries(found.filter(([, value]) => typeof value === "string")),
    ...errorIdAttribute(error),
  };
}

/** Gives the id of an error, by which all that is sent of it is one issue; nothing for what was only read of one. */
export function errorIdAttribute(error: unknown): Attributes {
  return error instanceof Error ? { [ATTR_ASSAY_ERROR_ID]: errorIdOf(error) } : {};
}
