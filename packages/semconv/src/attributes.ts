import type {
  EventAttributes,
  FinanceAttributes,
  MetricAttributes,
  SpanAttributes,
} from "./generated/attribute-types.ts";

// An object that is spread together is not checked for surplus keys by TypeScript itself.
type Only<Given, Shape> = Given & { readonly [Key in Exclude<keyof Given, keyof Shape>]: never };

/**
 * Checks attributes against the registry when they are compiled, and returns them as they are.
 *
 * A key that the registry does not have, a value of another type or outside its enum is a compile error.
 *
 * @example span.setAttributes(financeAttributes({ [ATTR_FINANCE_PAYMENT_STATUS]: "completed" }));
 */
export function financeAttributes<const Given extends FinanceAttributes>(
  attributes: Only<Given, FinanceAttributes>,
): Given {
  return attributes;
}

/**
 * Checks the attributes of a span when they are compiled, and returns them as they are.
 *
 * A span gets its attributes as they become known, so none is required here.
 *
 * @example span.setAttributes(spanAttributes(SPAN_FINANCE_LEDGER_POST, { [ATTR_FINANCE_LEDGER_NAME]: "main" }));
 */
export function spanAttributes<
  Name extends keyof SpanAttributes,
  const Given extends Partial<SpanAttributes[Name]>,
>(_span: Name, attributes: Only<Given, SpanAttributes[Name]>): Given {
  return attributes;
}

/**
 * Checks the labels of a metric when they are compiled, and returns them as they are.
 *
 * @example callbacks.add(1, metricAttributes(METRIC_FINANCE_PROVIDER_CALLBACKS, { … }));
 */
export function metricAttributes<
  Name extends keyof MetricAttributes,
  const Given extends MetricAttributes[Name],
>(_metric: Name, attributes: Only<Given, MetricAttributes[Name]>): Given {
  return attributes;
}

/**
 * Checks the attributes of an event when they are compiled, and returns them as they are.
 *
 * @example span.addEvent(EVENT_FINANCE_CALLBACK_DUPLICATE, eventAttributes(EVENT_FINANCE_CALLBACK_DUPLICATE, { … }));
 */
export function eventAttributes<
  Name extends keyof EventAttributes,
  const Given extends EventAttributes[Name],
>(_event: Name, attributes: Only<Given, EventAttributes[Name]>): Given {
  return attributes;
}
