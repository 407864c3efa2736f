import type { Attributes, Counter } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CLIENT_PLATFORM,
  ATTR_FINANCE_CLIENT_VERSION_BUCKET,
  type FinanceAttributes,
  INSTRUMENT_FINANCE_CLIENT_ERRORS,
  INSTRUMENT_FINANCE_CLIENT_REQUESTS,
} from "@assay/semconv";
import { createBuckets } from "./buckets.ts";
import { readVersion } from "./client-version.ts";
import { createCounter } from "./instruments.ts";

/** What a client runs on. */
export type ClientPlatform = NonNullable<FinanceAttributes["finance.client.platform"]>;

/** Which versions of clients have a label of their own on metrics; all others share `_other`. */
export interface VersionBuckets {
  /** Major and minor number of those that have one from the beginning: "5.12". */
  allowed?: readonly string[];
  /** Most that have one; the room that `allowed` leaves is given to those with the most requests. 0 to 100. */
  most?: number;
}

/** Counts requests by the client that made them. */
export interface ClientMetrics {
  count(platform: ClientPlatform, minor: string | undefined, hasFailed: boolean): void;
}

const MOST = 20;
// Times six platforms, that is far below the SDK's limit of series.
const MOST_ALLOWED = 100;

/** Makes the counters. Versions that are no versions, or more than there are buckets, are a RangeError. */
export function createClientMetrics({
  allowed = [],
  most = Math.max(MOST, allowed.length),
}: VersionBuckets = {}): ClientMetrics {
  if (!Number.isInteger(most) || most < allowed.length || most > MOST_ALLOWED) {
    throw new RangeError(
      `versions has ${allowed.length} allowed and at most ${most}; use a number from ${allowed.length} to ${MOST_ALLOWED}`,
    );
  }
  const wrong = allowed.find((each) => readVersion(each)?.minor !== each);
  if (wrong !== undefined) {
    throw new RangeError(
      `the version "${wrong}" is allowed; write major and minor number, as in "5.12"`,
    );
  }
  const buckets = createBuckets({ most, given: allowed, share: 1 / (2 * Math.max(1, most)) });
  const known = new Map<string, Attributes>();
  let requests: Counter | undefined;
  let errors: Counter | undefined;

  return {
    count(platform, minor, hasFailed) {
      requests ??= createCounter(INSTRUMENT_FINANCE_CLIENT_REQUESTS);
      errors ??= createCounter(INSTRUMENT_FINANCE_CLIENT_ERRORS);
      const bucket = buckets.of(minor);
      const key = `${platform} ${bucket}`;
      let labels = known.get(key);
      if (labels === undefined) {
        labels = {
          [ATTR_FINANCE_CLIENT_PLATFORM]: platform,
          [ATTR_FINANCE_CLIENT_VERSION_BUCKET]: bucket,
        };
        known.set(key, labels);
        // A counter that first appears at 1 has no increase that `increase()` could see.
        errors.add(0, labels);
      }
      requests.add(1, labels);
      if (hasFailed) errors.add(1, labels);
    },
  };
}
