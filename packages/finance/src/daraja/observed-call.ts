import { type Attributes, context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_ERROR_RETRYABLE,
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
  ATTR_MPESA_ERROR_CODE,
  ATTR_MPESA_FLOW,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_PROVIDER_CALL_DURATION,
} from "@assay/semconv";
import { createHistogram, perMeter, SCOPE } from "../instruments.ts";
import { isError } from "../outcome.ts";
import { DarajaError } from "./error.ts";

/** The provider, as metrics and the failure catalogue name it. */
export const PROVIDER = "safaricom";

/** An operation of Daraja, as the registry names it. */
export type Flow = NonNullable<FinanceAttributes["mpesa.flow"]>;

// Of OpenTelemetry, whose constants would be a dependency for two names.
const ERROR_TYPE = "error.type";
const HTTP_STATUS = "http.response.status_code";

const durations = perMeter(() => createHistogram(INSTRUMENT_FINANCE_PROVIDER_CALL_DURATION));

/**
 * Runs a call of Daraja in a span of its own and records how long it took, with how it ended.
 *
 * The span is internal: what instruments `fetch` makes the client's span below it, one for each attempt. An exception is
 * not recorded on it, because it goes on to whoever called, whose error it is once.
 */
export async function observeCall<T>(
  flow: Flow,
  attributes: FinanceAttributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const labels: Attributes = {
    [ATTR_FINANCE_PROVIDER_NAME]: PROVIDER,
    [ATTR_FINANCE_PROVIDER_OPERATION_NAME]: flow,
  };
  const span = trace.getTracer(SCOPE).startSpan(`${PROVIDER} ${flow}`, {
    attributes: { ...labels, [ATTR_MPESA_FLOW]: flow, ...attributes },
  });
  const startedAt = performance.now();
  try {
    const value = await context.with(trace.setSpan(context.active(), span), work, undefined, span);
    labels[ATTR_FINANCE_OUTCOME] = "completed";
    span.setAttribute(ATTR_FINANCE_OUTCOME, "completed");
    return value;
  } catch (error) {
    blame(span, labels, error);
    throw error;
  } finally {
    durations().record((performance.now() - startedAt) / 1_000, labels);
    span.end();
  }
}

function blame(span: Span, labels: Attributes, error: unknown): void {
  const isKnown = error instanceof DarajaError;
  const { call, httpStatus, providerCode } = isKnown ? error : OUR_MISTAKE;
  const type = isKnown ? error.code : "_OTHER";
  labels[ATTR_FINANCE_OUTCOME] = call.outcome;
  labels[ATTR_FINANCE_FAILURE_DOMAIN] = call.domain;
  labels[ERROR_TYPE] = type;
  span.setAttributes({
    [ATTR_FINANCE_OUTCOME]: call.outcome,
    [ATTR_FINANCE_FAILURE_DOMAIN]: call.domain,
    [ATTR_FINANCE_ERROR_RETRYABLE]: call.retriable,
  });
  if (providerCode !== undefined) {
    span.setAttribute(ATTR_FINANCE_FAILURE_CODE, providerCode);
    span.setAttribute(ATTR_MPESA_ERROR_CODE, providerCode);
  }
  if (httpStatus !== undefined) span.setAttribute(HTTP_STATUS, httpStatus);
  if (!isError(call)) return;
  span.setAttribute(ERROR_TYPE, type);
  const status = { code: SpanStatusCode.ERROR };
  span.setStatus(isKnown ? { ...status, message: error.message } : status);
}

const OUR_MISTAKE = {
  call: { outcome: "failed", domain: "platform", retriable: false },
  httpStatus: undefined,
  providerCode: undefined,
} as const;
