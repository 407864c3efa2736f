import { type Span, SpanStatusCode } from "@opentelemetry/api";

// Of OpenTelemetry, whose constants would be a dependency for one name.
export const ERROR_TYPE = "error.type";

/** Records an error on a span, whose status it becomes. Never throws, whatever was thrown. */
export function blameSpan(span: Span, error: unknown): void {
  const message = messageOf(error);
  span.setAttribute(ERROR_TYPE, errorTypeOf(error));
  span.recordException(error instanceof Error ? error : message);
  span.setStatus({ code: SpanStatusCode.ERROR, message });
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "an error that cannot be read"; // an object without a prototype has no text
  }
}

/** What kind of error it is: its code, as ECONNREFUSED, else the name of its class. */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  // Errors of the platform have a number there, which says less than their name.
  return typeof code === "string" && code !== "" ? code : error.name;
}
