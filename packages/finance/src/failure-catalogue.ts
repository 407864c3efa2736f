import { OTHER } from "./buckets.ts";
import { CARD_DECLINES } from "./failures-card.ts";
import { ISO_20022_REASONS } from "./failures-iso20022.ts";
import { ISO_8583_RESPONSES } from "./failures-iso8583.ts";
import { MPESA_RESULTS } from "./failures-mpesa.ts";
import type { Failure } from "./outcome.ts";

/** Failures by provider, then by API, then by code: one code means different things in two APIs. */
export type FailureTable = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, Failure>>>>>
>;

/** What the catalogue says about a code. */
export interface KnownFailure extends Failure {
  /** For a metric: the code itself, or `_other` when the catalogue does not know it. */
  label: string;
}

/** Tells what a provider's code means. */
export interface FailureCatalogue {
  /** An unknown code is the provider's failure, not retriable, and `_other` on metrics. */
  find(provider: string, api: string, code: string): KnownFailure;
  /** All that is known for an API, with its codes. */
  of(provider: string, api: string): readonly KnownFailure[];
}

const UNKNOWN_CODE: KnownFailure = {
  label: OTHER,
  outcome: "failed",
  domain: "provider",
  retriable: false,
};

const OWN: FailureTable = {
  safaricom: MPESA_RESULTS,
  iso8583: { response: ISO_8583_RESPONSES },
  iso20022: { reason: ISO_20022_REASONS },
  card: { decline: CARD_DECLINES },
};

/**
 * Makes a catalogue of M-Pesa's results, ISO 8583's response codes, ISO 20022's reasons and the declines of card
 * schemes, and of `more`, which comes before them.
 *
 * A provider's API that answers with a standard's codes is found by the standard's name: `find("iso8583", "response",
 * "51")`.
 *
 * @example createFailureCatalogue({ acme: { payout: { E42: { outcome: "failed", domain: "merchant", retriable: true } } } })
 */
export function createFailureCatalogue(more: FailureTable = {}): FailureCatalogue {
  const codes = (provider: string, api: string): Map<string, KnownFailure> => {
    const key = `${provider} ${api}`;
    let found = known.get(key);
    if (found === undefined) known.set(key, (found = read(provider, api)));
    return found;
  };
  const known = new Map<string, Map<string, KnownFailure>>();
  const read = (provider: string, api: string): Map<string, KnownFailure> => {
    const merged = { ...own(OWN, provider, api), ...own(more, provider, api) };
    return new Map(
      Object.entries(merged).map(([label, failure]) => [label, { label, ...failure }]),
    );
  };
  return {
    find: (provider, api, code) => codes(provider, api).get(code) ?? UNKNOWN_CODE,
    of: (provider, api) => [...codes(provider, api).values()],
  };
}

// Names come from the application; none of them is a name that objects have by themselves.
function own(
  table: FailureTable,
  provider: string,
  api: string,
): Readonly<Record<string, Failure>> {
  const apis = Object.hasOwn(table, provider) ? table[provider] : undefined;
  return (apis !== undefined && Object.hasOwn(apis, api) ? apis[api] : undefined) ?? {};
}
