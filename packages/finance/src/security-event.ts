import { type Attributes, logs, SeverityNumber, trace } from "@opentelemetry/api";
import {
  ATTR_FINANCE_SECURITY_ACTION,
  ATTR_FINANCE_SECURITY_EVENT_TYPE,
  ATTR_FINANCE_SECURITY_SEVERITY,
  EVENT_FINANCE_SECURITY_VIOLATION,
  EVENT_FINANCE_TENANT_ISOLATION_DENIED,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_SECURITY_EVENTS,
  INSTRUMENT_FINANCE_TENANT_ISOLATION_VIOLATIONS,
} from "@assay/semconv";
import { combinations, declareCounter } from "./begun-counters.ts";
import { SCOPE } from "./instruments.ts";

type Enum<Name extends keyof FinanceAttributes> = NonNullable<FinanceAttributes[Name]>;

// With a value of the registry that is missing here it does not compile.
const TYPES: Record<Enum<"finance.security.event.type">, true> = {
  cross_tenant_access: true,
  privilege_escalation: true,
  brute_force: true,
  injection_attempt: true,
  replay: true,
  invalid_signature: true,
  forged_callback: true,
  data_exfiltration: true,
  sensitive_data_detected: true,
  encryption_failure: true,
  missing_idempotency_key: true,
  other: true,
};
const SEVERITIES: Record<Enum<"finance.security.severity">, true> = {
  low: true,
  medium: true,
  high: true,
  critical: true,
};
const events = declareCounter(INSTRUMENT_FINANCE_SECURITY_EVENTS, () =>
  combinations({
    [ATTR_FINANCE_SECURITY_EVENT_TYPE]: Object.keys(TYPES),
    [ATTR_FINANCE_SECURITY_SEVERITY]: Object.keys(SEVERITIES),
  }),
);
const DENIED = { [ATTR_FINANCE_SECURITY_ACTION]: "denied" };
const violations = declareCounter(INSTRUMENT_FINANCE_TENANT_ISOLATION_VIOLATIONS, () => [DENIED]);

/** Something that a security team wants to know. */
export interface SecurityEvent {
  type: Enum<"finance.security.event.type">;
  severity: Enum<"finance.security.severity">;
  /** What the control did. */
  action: Enum<"finance.security.action">;
  attributes?: FinanceAttributes;
}

/**
 * Records a security event: a log record with the active span's ids, an event on that span, and a count by type and
 * severity. Who did it belongs into `attributes`, as an id that the gate makes a pseudonym of. Never throws.
 */
export function securityEvent({ type, severity, action, attributes = {} }: SecurityEvent): void {
  const labels = {
    [ATTR_FINANCE_SECURITY_EVENT_TYPE]: type,
    [ATTR_FINANCE_SECURITY_SEVERITY]: severity,
  };
  events().add(1, labels);
  emit(EVENT_FINANCE_SECURITY_VIOLATION, {
    ...labels,
    [ATTR_FINANCE_SECURITY_ACTION]: action,
    ...attributes,
  });
}

/** Records that a caller asked for what belongs to another tenant, and was refused. */
export function recordIsolationDenied(attributes: Attributes): void {
  violations().add(1, DENIED);
  events().add(1, {
    [ATTR_FINANCE_SECURITY_EVENT_TYPE]: "cross_tenant_access",
    [ATTR_FINANCE_SECURITY_SEVERITY]: "high",
  });
  emit(EVENT_FINANCE_TENANT_ISOLATION_DENIED, attributes);
}

/** Emits an event: on the active span, and as a log record, which a security team keeps. */
export function emit(
  eventName: string,
  attributes: Attributes,
  severityText: "ERROR" | "WARN" = "ERROR",
): void {
  trace.getActiveSpan()?.addEvent(eventName, attributes);
  logs.getLogger(SCOPE).emit({
    eventName,
    severityNumber: SeverityNumber[severityText],
    severityText,
    body: eventName,
    attributes,
  });
}
