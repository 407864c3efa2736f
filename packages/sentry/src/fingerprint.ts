import {
  ATTR_FINANCE_ERROR_CATEGORY,
  FINANCE_ERROR_CATEGORY_VALUE_PAYMENT_PROCESSING,
} from "@assay/semconv/error";
import {
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  FINANCE_FAILURE_DOMAIN_VALUE_NETWORK,
  FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER,
} from "@assay/semconv/outcome";
import { ATTR_FINANCE_PROVIDER_NAME } from "@assay/semconv/provider";

const OUTSIDE = new Set<unknown>([
  FINANCE_FAILURE_DOMAIN_VALUE_NETWORK,
  FINANCE_FAILURE_DOMAIN_VALUE_PROVIDER,
]);

/**
 * Gives what groups a provider's failures in Sentry: category, provider and code, so that one outage is one issue,
 * whatever each message says and wherever the call stood. Undefined for an error of another domain: Sentry groups that by
 * its stack.
 */
export function fingerprintOf(
  attributes: Readonly<Record<string, unknown>>,
  type: string,
): string[] | undefined {
  const {
    [ATTR_FINANCE_FAILURE_DOMAIN]: domain,
    [ATTR_FINANCE_PROVIDER_NAME]: provider,
    [ATTR_FINANCE_FAILURE_CODE]: code,
    [ATTR_FINANCE_ERROR_CATEGORY]: category,
  } = attributes;
  if (typeof provider !== "string" || !OUTSIDE.has(domain)) return undefined;
  const words = [
    category ?? FINANCE_ERROR_CATEGORY_VALUE_PAYMENT_PROCESSING,
    provider,
    code ?? type,
  ];
  return words.map(String);
}
