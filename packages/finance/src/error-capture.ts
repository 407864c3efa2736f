import {
  type Attributes,
  diag,
  isSpanContextValid,
  logs,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import {
  ATTR_ASSAY_ERROR_ID,
  ATTR_FINANCE_ERROR_CATEGORY,
  ATTR_FINANCE_ERROR_SEVERITY,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_PAYMENT_ID,
  ERROR_CATEGORY_SEVERITIES,
  ERROR_SEVERITIES,
  errorIdOf,
  EVENT_FINANCE_ERROR_CAPTURED,
  FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_ERRORS,
  type Money,
  sameError,
} from "@assay/semconv";
import { amountAttributes } from "./amount.ts";
import { combinations, declareCounter } from "./begun-counters.ts";
import { SCOPE } from "./instruments.ts";
import { isObject, readableError } from "./readable-error.ts";

/** What part of the business an error is in, as the registry has it. */
export type ErrorCategory = NonNullable<FinanceAttributes["finance.error.category"]>;

/** How severe an error is for the business, as the registry has it. */
export type ErrorSeverity = NonNullable<FinanceAttributes["finance.error.severity"]>;

export interface CaptureOptions {
  /** Default: system_error. */
  category?: ErrorCategory;
  /** The category's own when absent, as the registry has it. */
  severity?: ErrorSeverity;
  paymentId?: string;
  amount?: Money;
  /** More that is known; the registry's attributes only. */
  context?: FinanceAttributes;
}

/** Where a captured error is found. */
export interface CapturedError {
  /** The id of its event in Sentry, 32 hex digits; undefined for a customer's own failure, which is no issue. */
  eventId: string | undefined;
  /** The trace in which it was captured; undefined outside any. */
  traceId: string | undefined;
}

const errors = declareCounter(INSTRUMENT_FINANCE_ERRORS, () =>
  combinations({
    [ATTR_FINANCE_ERROR_CATEGORY]: Object.keys(ERROR_CATEGORY_SEVERITIES),
    [ATTR_FINANCE_ERROR_SEVERITY]: Object.keys(ERROR_SEVERITIES),
  }),
);
const captured = new WeakMap<object, CapturedError>();

/**
 * Tells of an error that the application handles: it becomes one issue in Sentry, and counts by category and severity.
 *
 * Give `eventId` to whoever asks for support: it is the id of the event, whether it goes there from the process or
 * through the Collector, and also when the error is thrown on, logged or captured again. Synchronous; never throws,
 * whatever is captured. A failure whose domain is the customer is neither counted nor an issue.
 *
 * @example
 * const { eventId } = captureFinancialError(error, { category: "payment_processing", paymentId, amount });
 */
export function captureFinancialError(error: unknown, options: CaptureOptions = {}): CapturedError {
  const before = isObject(error) ? captured.get(error) : undefined;
  if (before !== undefined) return { ...before };
  const readable = readableError(error);
  if (isObject(error)) sameError(error, readable);
  const found: CapturedError = { eventId: errorIdOf(readable), traceId: undefined };
  if (isObject(error)) captured.set(error, found);
  attempt(() => {
    const span = trace.getActiveSpan();
    const spanContext = span?.spanContext();
    const isTraced = spanContext !== undefined && isSpanContextValid(spanContext);
    if (isTraced) found.traceId = spanContext.traceId;
    const told = { error: readable, id: found.eventId!, ...described(options, span) };
    if (told.attributes[ATTR_FINANCE_FAILURE_DOMAIN] === FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER) {
      found.eventId = undefined;
      return;
    }
    tell(told, span);
  });
  return { ...found };
}

interface Told {
  error: Error;
  id: string;
  category: ErrorCategory;
  severity: ErrorSeverity;
  attributes: Attributes;
}

function described(
  options: CaptureOptions,
  span: Span | undefined,
): Pick<Told, "category" | "severity" | "attributes"> {
  const { category: given, severity: wanted, paymentId, amount, context } = options ?? {};
  // JavaScript may give what the types refuse, and a label has no other values than the registry's.
  const category = known(ERROR_CATEGORY_SEVERITIES, given) ?? "system_error";
  const severity = known(ERROR_SEVERITIES, wanted) ?? ERROR_CATEGORY_SEVERITIES[category];
  const attributes: Attributes = {};
  attempt(() => Object.assign(attributes, businessOf(span)));
  attempt(() => Object.assign(attributes, context));
  if (typeof paymentId === "string") attributes[ATTR_FINANCE_PAYMENT_ID] = paymentId;
  if (amount !== undefined) attempt(() => Object.assign(attributes, amountAttributes(amount)));
  attributes[ATTR_FINANCE_ERROR_CATEGORY] = category;
  attributes[ATTR_FINANCE_ERROR_SEVERITY] = severity;
  return { category, severity, attributes };
}

// Of the log record alone the Collector's bridge makes the issue, so what the span knows of the business goes along.
function businessOf(span: Span | undefined): Attributes {
  const { attributes = {} } = (span ?? {}) as { attributes?: Attributes };
  const all = Object.entries(attributes);
  return Object.fromEntries(
    all.filter(([key]) => key.startsWith("finance.") || key === "http.route"),
  );
}

// Of OpenTelemetry, whose constants would be a dependency for one name.
const EXCEPTION_MESSAGE = "exception.message";
// Where the preload of @assay/node keeps its Sentry client, when it has one.
const CAPTURE = Symbol.for("assay.error.capture");

interface Shared {
  [CAPTURE]?: (error: Error, hint: { level: "error" | "fatal"; attributes: Attributes }) => void;
}

/**
 * Each of these knows the error by its id, so that they are one issue: the client in the process, the log record on its
 * way through the Collector, and what a span or a logger records of the same error later. The span's status is not
 * touched: whether the work has failed is for the work to say.
 */
function tell(told: Told, span: Span | undefined): void {
  const { error, id, category, severity, attributes } = told;
  const { severityNumber, severityText } = ERROR_SEVERITIES[severity];
  attempt(() => {
    errors().add(1, {
      [ATTR_FINANCE_ERROR_CATEGORY]: category,
      [ATTR_FINANCE_ERROR_SEVERITY]: severity,
    });
  });
  const level = severityNumber >= ERROR_SEVERITIES.critical.severityNumber ? "fatal" : "error";
  const { [CAPTURE]: capture } = globalThis as Shared;
  attempt(() => capture?.(error, { level, attributes }));
  const all = { ...attributes, [ATTR_ASSAY_ERROR_ID]: id };
  const logger = logs.getLogger(SCOPE);
  const record = { eventName: EVENT_FINANCE_ERROR_CAPTURED, severityNumber };
  if (logger.enabled(record)) {
    attempt(() => {
      const body = `${category}: ${error.message}`;
      logger.emit({ ...record, severityText, body, exception: error, attributes: all });
    });
    attempt(() => {
      const event = { ...all, [EXCEPTION_MESSAGE]: error.message };
      span?.addEvent(EVENT_FINANCE_ERROR_CAPTURED, event);
    });
  } else attempt(() => inSpan(told, all));
}

// Where log records go nowhere, a failed span is what the Collector makes an issue of.
function inSpan({ error, category }: Told, attributes: Attributes): void {
  const span = trace.getTracer(SCOPE).startSpan(`capture ${category}`, { attributes });
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  span.end();
}

function known<Key extends string>(
  table: Readonly<Record<Key, unknown>>,
  given: unknown,
): Key | undefined {
  return typeof given === "string" && Object.hasOwn(table, given) ? (given as Key) : undefined;
}

// What fails of telemetry is told to who listens to diagnostics; the rest of it goes on.
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // Without the reason: anything may have been thrown, also what throws when it is printed.
    diag.warn("an error that was captured could not be told of everywhere");
  }
}
