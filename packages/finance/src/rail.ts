import { diag } from "@opentelemetry/api";
import {
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PROVIDER_NAME,
  type FinanceAttributes,
} from "@assay/semconv";

import { OTHER } from "./buckets.ts";

/** A way that money takes: a provider's API, and what all payments on it have in common. */
export interface Rail {
  /** Bounded: "safaricom". */
  provider: string;
  /** The provider's operation, bounded: "stk_push". With the provider it is the key of the failure catalogue. */
  api: string;
  method: NonNullable<FinanceAttributes["finance.payment.method"]>;
  type: NonNullable<FinanceAttributes["finance.payment.type"]>;
  direction?: NonNullable<FinanceAttributes["finance.payment.direction"]>;
  /** ISO 4217 codes that the rail carries; their counters begin at zero. */
  currencies: readonly string[];
  /** Where the failure catalogue keeps the rail's codes, when it is not under the provider and its API. */
  failures?: { provider: string; api: string };
}

/** What every metric of a rail's payments is labelled with. */
export function railLabels({ provider, method }: Rail): {
  [ATTR_FINANCE_PROVIDER_NAME]: string;
  [ATTR_FINANCE_PAYMENT_METHOD]: Rail["method"];
} {
  return { [ATTR_FINANCE_PROVIDER_NAME]: provider, [ATTR_FINANCE_PAYMENT_METHOD]: method };
}

const UNKNOWN: Rail = {
  provider: OTHER,
  api: OTHER,
  method: "other",
  type: "transfer",
  currencies: [],
};

/** The rail of a name. JavaScript may ask for one that is not there: its payment is made all the same. */
export function railOf(rails: Readonly<Record<string, Rail>>, name: string): Rail {
  if (Object.hasOwn(rails, name)) return rails[name]!;
  diag.warn(
    `the rail ${JSON.stringify(name)} is not one of createPayments; its payments are ${OTHER}`,
  );
  return UNKNOWN;
}
