import type { AnyValue, Attributes } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";

/** What a line says once it is read. */
export interface ReadLine {
  body: AnyValue;
  eventName?: string;
  attributes: Attributes;
}

const READ = Symbol("assay.log-line");

interface Line {
  line: string;
  [READ]: (line: string) => ReadLine;
}

/**
 * Gives the body of a log record that is a line of JSON still to be read.
 *
 * Reading it is no part of the request that logs; the gate does it, off the request. Until then it is one string.
 */
export function lineBody(line: string, read: (line: string) => ReadLine): Attributes {
  const body: Line = { line, [READ]: read };
  return { ...body };
}

/** Gives a log record whose body is such a line as what the line says, with no more attributes than `most`; others as they are. */
export function readLine(record: ReadableLogRecord, most: number): ReadableLogRecord {
  const body = record.body as Partial<Line> | null | undefined;
  const read = body?.[READ];
  if (read === undefined) return record;
  const said = read(body?.line ?? "");
  const entries = Object.entries({ ...record.attributes, ...said.attributes });
  const { hrTime, hrTimeObserved, spanContext, severityText, severityNumber } = record;
  return {
    hrTime,
    hrTimeObserved,
    ...(spanContext === undefined ? {} : { spanContext }),
    ...(severityText === undefined ? {} : { severityText }),
    ...(severityNumber === undefined ? {} : { severityNumber }),
    ...(said.eventName === undefined ? {} : { eventName: said.eventName }),
    body: said.body,
    resource: record.resource,
    instrumentationScope: record.instrumentationScope,
    attributes: Object.fromEntries(entries.slice(0, most)),
    droppedAttributesCount: record.droppedAttributesCount + Math.max(0, entries.length - most),
  };
}
