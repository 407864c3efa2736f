import { ATTR_FINANCE_CLIENT_PLATFORM, ATTR_FINANCE_CLIENT_VERSION } from "@assay/semconv/client";
import { ATTR_FINANCE_ERROR_CATEGORY, ATTR_FINANCE_ERROR_SEVERITY } from "@assay/semconv/error";
import { ATTR_FINANCE_OPERATION_NAME } from "@assay/semconv/operation";
import {
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
} from "@assay/semconv/outcome";
import { ATTR_FINANCE_PAYMENT_ID, ATTR_FINANCE_PAYMENT_METHOD } from "@assay/semconv/payment";
import {
  ATTR_FINANCE_PROVIDER_ENVIRONMENT,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
} from "@assay/semconv/provider";
import { ATTR_FINANCE_TENANT_ID, ATTR_FINANCE_TENANT_TIER } from "@assay/semconv/tenant";

/** The attribute that names the user; the gate makes a pseudonym of it. */
export const USER_ID = "user.id";

/** Attributes by which an issue is searched in Sentry. */
const TAGS = [
  "service.name",
  "http.route",
  "error.type",
  ATTR_FINANCE_ERROR_CATEGORY,
  ATTR_FINANCE_ERROR_SEVERITY,
  ATTR_FINANCE_OPERATION_NAME,
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_FAILURE_CODE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_PROVIDER_OPERATION_NAME,
  ATTR_FINANCE_PROVIDER_ENVIRONMENT,
  ATTR_FINANCE_TENANT_ID,
  ATTR_FINANCE_TENANT_TIER,
  ATTR_FINANCE_CLIENT_VERSION,
  ATTR_FINANCE_CLIENT_PLATFORM,
];

/** Gives the tags that a span's or a record's attributes make, whole: the gate cuts them after redaction. */
export function tagsOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    TAGS.flatMap((name) => {
      const value = attributes[name];
      return typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [];
    }),
  );
}

/** Gives the user that a span's or a record's attributes name, by whom Sentry counts how many an issue reaches. */
export function userOf(attributes: Readonly<Record<string, unknown>>): {
  user?: { id: string };
} {
  const id = attributes[USER_ID];
  return typeof id === "string" ? { user: { id } } : {};
}
