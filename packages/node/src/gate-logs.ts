import type { AnyValue } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import {
  type RedactorFor,
  redactAttributes,
  redactResource,
  redactScope,
  redactSpanContext,
} from "./gate-values.ts";

/**
 * Gives the function that every log record passes on its way out.
 *
 * A body may be text, a number, bytes or a nested map; its keys are redacted like its values. Throws when the redactor
 * does; the caller drops that record.
 */
export function gateLogs(
  redactorFor: RedactorFor,
): (record: ReadableLogRecord) => ReadableLogRecord {
  const name = redactorFor("name", "logs");
  const body = redactorFor("body", "logs");
  const attribute = redactorFor("attribute", "logs");
  const traceState = redactorFor("trace_state", "logs");
  const resource = redactResource(redactorFor("resource", "logs"));
  const scope = redactScope(redactorFor("scope", "logs"));

  return (record) => {
    const redactedBody = redactBody(body, record.body);
    return {
      hrTime: record.hrTime,
      hrTimeObserved: record.hrTimeObserved,
      ...(record.spanContext === undefined
        ? {}
        : { spanContext: redactSpanContext(traceState, record.spanContext) }),
      ...(record.severityText === undefined
        ? {}
        : { severityText: name.text(record.severityText) }),
      ...(record.severityNumber === undefined ? {} : { severityNumber: record.severityNumber }),
      ...(redactedBody === undefined ? {} : { body: redactedBody }),
      ...(record.eventName === undefined ? {} : { eventName: name.text(record.eventName) }),
      resource: resource(record.resource),
      instrumentationScope: scope(record.instrumentationScope),
      attributes: redactAttributes(attribute, record.attributes),
      droppedAttributesCount: record.droppedAttributesCount,
    };
  };
}

function redactBody(redactor: ReturnType<RedactorFor>, body: AnyValue): AnyValue {
  if (body === undefined || body === null) return body;
  return typeof body === "string" ? redactor.text(body) : asWritten(redactor.value("body", body));
}

/** Maps and sets as the objects and lists that they stand for: exporters would write them as empty ones. */
function asWritten(value: unknown): AnyValue {
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, item]) => [String(key), asWritten(item)]));
  }
  if (value instanceof Set) return [...value].map((item) => asWritten(item));
  if (Array.isArray(value)) return value.map((item) => asWritten(item));
  if (typeof value !== "object" || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asWritten(item)]));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
