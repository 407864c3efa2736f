import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PROVIDER_NAME,
  INSTRUMENT_FINANCE_PROVIDER_TOKEN_REFRESHES,
  INSTRUMENT_FINANCE_PROVIDER_TOKEN_TTL,
} from "@assay/semconv";
import { createFailureCatalogue } from "../failure-catalogue.ts";
import { createCounter, createObservableGauge, perMeter } from "../instruments.ts";
import { type Fields, readAnswer } from "./answer.ts";
import { type Asked, DarajaError, type DarajaErrorCode } from "./error.ts";
import { observeCall, PROVIDER } from "./observed-call.ts";
import { createSender, type SenderOptions } from "./sender.ts";

export interface DarajaTokensOptions extends SenderOptions {
  consumerKey: string;
  consumerSecret: string;
}

/** The access token of one Daraja application. */
export interface DarajaTokens {
  /** Gives the token, asking for one when there is none or it is in its last minute; rejects with DarajaError. */
  get(): Promise<string>;
  /** Forgets the token that Daraja answered 401 to; of callers who hold the same, the first one counts. */
  drop(token: string): void;
}

interface Held {
  token: string;
  /** Of `performance.now()`. */
  renewAt: number;
  expiresAt: number;
}

/** What the gauge of a token reads. */
interface State {
  held: Held | undefined;
  hasFailed: boolean;
}

const EARLY_MS = 60_000;
const ASKED: Asked = { operation: "token", api: "token", kind: "prepares" };
// Of OpenTelemetry, whose constants would be a dependency for one name.
const ERROR_TYPE = "error.type";
const WHY: readonly DarajaErrorCode[] = ["DARAJA_REFUSED", "DARAJA_SILENT", "DARAJA_UNREACHABLE"];

const instruments = perMeter(() => {
  const refreshes = createCounter(INSTRUMENT_FINANCE_PROVIDER_TOKEN_REFRESHES);
  refreshes.add(0, refreshLabels());
  for (const why of WHY) refreshes.add(0, refreshLabels(why));
  // A token that an application lets go must not be held by its gauge.
  const states = new Set<WeakRef<State>>();
  createObservableGauge(INSTRUMENT_FINANCE_PROVIDER_TOKEN_TTL).addCallback((result) => {
    const seconds = shortestTtl(states);
    if (seconds !== undefined) result.observe(seconds, { [ATTR_FINANCE_PROVIDER_NAME]: PROVIDER });
  });
  return { refreshes, states };
});

/**
 * Keeps the access token of a Daraja application: asked for when it is needed first, by one request however many wait
 * for it, and again 60 s before its end.
 *
 * A refresh that fails rejects for those who waited, unless the token they have is still good, and the next one who asks
 * tries again. Nothing else was sent then,
 * so its `failure` is failed and never unknown. Counts `finance.provider.token.refreshes`, and gives the seconds that are
 * left as `finance.provider.token.ttl`: the fewest of all applications, 0 once a refresh has failed and the token has
 * ended, and no value while nobody asks.
 *
 * Throws TypeError without a key or a secret, and for a `baseUrl` that they must not be sent to.
 *
 * @example
 * const tokens = createDarajaTokens({ baseUrl, consumerKey, consumerSecret });
 * const token = await tokens.get();
 * const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
 * if (response.status === 401) tokens.drop(token); // and try once more
 */
export function createDarajaTokens({
  consumerKey,
  consumerSecret,
  ...options
}: DarajaTokensOptions): DarajaTokens {
  if (!consumerKey || !consumerSecret) {
    throw new TypeError("consumerKey or consumerSecret is empty; give those of the application");
  }
  const sender = createSender(options);
  const catalogue = createFailureCatalogue();
  const authorization = `Basic ${Buffer.from(`${consumerKey}:${consumerSecret}`).toString("base64")}`;
  const state: State = { held: undefined, hasFailed: false };
  let underWay: Promise<string> | undefined;
  const reference = new WeakRef(state);
  instruments().states.add(reference);

  async function ask(): Promise<Held> {
    const sentAt = performance.now();
    const answer = await sender.send("/oauth/v1/generate?grant_type=client_credentials", ASKED, {
      headers: { authorization },
    });
    const { access_token: token, expires_in: seconds } = readAnswer(
      answer,
      ASKED,
      catalogue,
      isToken,
    );
    const lifeMs = Number(seconds) * 1_000;
    // Of a token that lives less than two minutes, half.
    const early = Math.min(EARLY_MS, lifeMs / 2);
    return { token: token as string, renewAt: sentAt + lifeMs - early, expiresAt: sentAt + lifeMs };
  }

  function count(why?: Parameters<typeof refreshLabels>[0]): void {
    const { refreshes, states } = instruments();
    states.add(reference);
    refreshes.add(1, refreshLabels(why));
  }

  async function refresh(): Promise<string> {
    try {
      const held = await observeCall("token", sender.attributes, ask);
      state.held = held;
      state.hasFailed = false;
      count();
      return held.token;
    } catch (error) {
      state.hasFailed = true;
      count(error instanceof DarajaError ? error.code : "_OTHER");
      // One that is in its last minute is still good.
      const { held } = state;
      if (held !== undefined && held.expiresAt > performance.now()) return held.token;
      throw error;
    } finally {
      underWay = undefined;
    }
  }

  return {
    get() {
      const { held } = state;
      if (held !== undefined && held.renewAt > performance.now())
        return Promise.resolve(held.token);
      underWay ??= refresh();
      return underWay;
    },
    drop(token) {
      if (state.held?.token === token) state.held = undefined;
    },
  };
}

function isToken({ access_token: token, expires_in: seconds }: Fields, isOk: boolean): boolean {
  return isOk && typeof token === "string" && token !== "" && Number(seconds) > 0;
}

function refreshLabels(why?: DarajaErrorCode | "_OTHER"): Attributes {
  const provider = { [ATTR_FINANCE_PROVIDER_NAME]: PROVIDER };
  if (why === undefined) return { ...provider, [ATTR_FINANCE_OUTCOME]: "completed" };
  return { ...provider, [ATTR_FINANCE_OUTCOME]: "failed", [ERROR_TYPE]: why };
}

function shortestTtl(states: Set<WeakRef<State>>): number | undefined {
  const now = performance.now();
  let shortest: number | undefined;
  for (const reference of states) {
    const state = reference.deref();
    if (state === undefined) {
      states.delete(reference);
      continue;
    }
    const left = (state.held?.expiresAt ?? now) - now;
    // One that ended while nobody asked for it says nothing.
    if (left <= 0 && !state.hasFailed) continue;
    shortest = Math.min(shortest ?? Infinity, Math.max(0, left) / 1_000);
  }
  return shortest;
}
