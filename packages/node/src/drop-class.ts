import { SeverityNumber, SpanStatusCode } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { FinanceAttributes } from "@assay/semconv";

/** What an item is when there is no room for all: `other` goes first. */
export type DropClass = NonNullable<FinanceAttributes["assay.drop.class"]>;

/** Tells what spans and log records are, and which log records belong to a payment or an error. */
export interface DropClasses {
  ofSpan: (span: ReadableSpan) => DropClass;
  ofRecord: (record: ReadableLogRecord) => DropClass;
  /** Remembers the spans whose log records are to be kept like them; in batches, off the request. */
  remember(spans: readonly ReadableSpan[]): void;
}

// Ids that are remembered: twice as many at most, and log records are no older than what an outbox holds.
const GENERATION = 16_384;
const PAYMENT = "finance.";

/** Makes the classes of one process; the log records of a span are known by its id. */
export function createDropClasses(): DropClasses {
  let young = new Map<string, DropClass>();
  let old = young;
  return {
    ofSpan,
    ofRecord(record) {
      const { attributes, severityNumber = 0, spanContext } = record;
      if (isPayment(attributes)) return "payment";
      const id = spanContext?.spanId ?? "";
      const ofItsSpan = young.get(id) ?? old.get(id);
      return ofItsSpan ?? (severityNumber >= SeverityNumber.ERROR ? "error" : "other");
    },
    remember(spans) {
      for (const span of spans) {
        const found = ofSpan(span);
        if (found === "other") continue;
        if (young.size >= GENERATION) {
          old = young;
          young = new Map();
        }
        young.set(span.spanContext().spanId, found);
      }
    },
  };
}

function ofSpan({ attributes, status }: ReadableSpan): DropClass {
  if (isPayment(attributes)) return "payment";
  return status.code === SpanStatusCode.ERROR ? "error" : "other";
}

function isPayment(attributes: object): boolean {
  for (const key in attributes) if (key.startsWith(PAYMENT)) return true;
  return false;
}
