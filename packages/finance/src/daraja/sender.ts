import { ATTR_FINANCE_PROVIDER_ENVIRONMENT, type FinanceAttributes } from "@assay/semconv";
import { readRateLimits } from "../rate-limit-reading.ts";
import { observeRateLimits } from "../provider-rate-limits.ts";
import type { HttpAnswer } from "./answer.ts";
import { type Asked, thrownByFetch } from "./error.ts";
import { PROVIDER } from "./observed-call.ts";

/** Where Daraja is and how it is asked. */
export interface SenderOptions {
  /** "https://api.safaricom.co.ke", or the sandbox's. `http://` is for a host without a dot and for loopback. */
  baseUrl: string;
  /** The global one when absent. */
  fetch?: typeof globalThis.fetch;
  /** Of one request, its answer read. */
  timeoutMs?: number;
}

/** Sends requests to one Daraja. */
export interface Sender {
  /** Gives whatever was answered; rejects with DarajaError when nothing was. */
  send(path: string, asked: Asked, init: RequestInit): Promise<HttpAnswer>;
  /** What spans of its calls carry. */
  attributes: FinanceAttributes;
}

/** Makes a sender. Throws TypeError, in a sentence, for a URL that credentials must not be sent to. */
export function createSender({
  baseUrl,
  fetch = (...args) => globalThis.fetch(...args),
  timeoutMs = 10_000,
}: SenderOptions): Sender {
  const base = baseOf(baseUrl);
  const environment = environmentOf(base.hostname);
  return {
    attributes:
      environment === undefined ? {} : { [ATTR_FINANCE_PROVIDER_ENVIRONMENT]: environment },
    async send(path, asked, init) {
      try {
        const response = await fetch(base.prefix + path, {
          ...init,
          // Another host must not get what is meant for Daraja.
          redirect: "manual",
          signal: AbortSignal.timeout(timeoutMs),
        });
        const text = await response.text();
        const limits = readRateLimits(response.headers);
        observeRateLimits(PROVIDER, limits);
        return { status: response.status, text, retryAfterSeconds: limits[0]?.retryAfterSeconds };
      } catch (error) {
        throw thrownByFetch(error, asked);
      }
    },
  };
}

function baseOf(text: string): { prefix: string; hostname: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new TypeError(`baseUrl is no URL; write "https://api.safaricom.co.ke"`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new TypeError(
      "baseUrl has a user or a password in it; give consumerKey and consumerSecret",
    );
  }
  const { hostname, origin, pathname } = url;
  if (url.protocol === "http:" && !isNear(hostname)) {
    throw new TypeError(
      `baseUrl is "${origin}"; write https, because the consumer's key and secret go there`,
    );
  }
  return { prefix: origin + pathname.replace(/\/+$/, ""), hostname };
}

function isNear(hostname: string): boolean {
  return hostname === "[::1]" || /^127(?:\.\d+){3}$/.test(hostname) || !/[.:]/.test(hostname);
}

function environmentOf(hostname: string): "sandbox" | "production" | undefined {
  if (hostname === "sandbox.safaricom.co.ke") return "sandbox";
  return hostname === "api.safaricom.co.ke" ? "production" : undefined;
}
