import type { Counter } from "@opentelemetry/api";
import {
  ATTR_FINANCE_PAYMENT_ID,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  EVENT_FINANCE_CALLBACK_DUPLICATE,
} from "@assay/semconv";
import type { Draft } from "./draft.ts";
import { OTHER } from "./buckets.ts";
import { callbackLabels } from "./payment-metrics.ts";
import type { Rail } from "./rail.ts";

/** Counts what providers send back. */
export interface Callbacks {
  result(draft: Draft): void;
  /** An event on the span, and no second count of the payment. */
  duplicate(draft: Draft): void;
  unmatched(railName: string | undefined): void;
}

/** Makes the count of callbacks on `rails`. */
export function createCallbacks(
  counter: Counter | undefined,
  rails: Readonly<Record<string, Rail>>,
): Callbacks {
  const providers = [...new Set(Object.values(rails).map(({ provider }) => provider))];
  const only = providers.length === 1 ? providers[0]! : OTHER;
  return {
    result({ rail, span }) {
      counter?.add(1, callbackLabels(rail, "result"));
      span.setAttribute(ATTR_FINANCE_PROVIDER_CALLBACK_TYPE, "result");
    },
    duplicate({ id, rail, span }) {
      counter?.add(1, callbackLabels(rail, "duplicate"));
      span.setAttribute(ATTR_FINANCE_PROVIDER_CALLBACK_TYPE, "duplicate");
      span.addEvent(EVENT_FINANCE_CALLBACK_DUPLICATE, {
        [ATTR_FINANCE_PAYMENT_ID]: id,
        [ATTR_FINANCE_PROVIDER_NAME]: rail.provider,
      });
    },
    unmatched(railName) {
      const provider = railName === undefined ? only : (rails[railName]?.provider ?? only);
      counter?.add(1, callbackLabels({ provider }, "unmatched"));
    },
  };
}
