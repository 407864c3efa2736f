import { setTimeout as timeout } from "node:timers/promises";

/** Sentry's web API, for one token. Every method throws an Error of one sentence. */
export interface SentryApi {
  /** All pages of a list; `path` begins after `/api/0/`. */
  list(path: string): Promise<unknown[]>;
  send(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<unknown>;
}

export interface SentryApiOptions {
  /** Default: https://sentry.io. */
  url?: string | undefined;
  token: string;
  /** Is told why it waits. */
  onWait?: ((sentence: string) => void) | undefined;
  wait?: ((ms: number) => Promise<unknown>) | undefined;
}

const REQUEST_MS = 30_000;
const TRIES = 6;
const LONGEST_WAIT_MS = 120_000;
// A list that never ends is a server that repeats its cursor.
const MOST_PAGES = 1_000;

export function sentryApi(options: SentryApiOptions): SentryApi {
  const base = new URL("/api/0/", baseOf(options.url ?? "https://sentry.io"));
  const ask = async (method: string, url: URL, body?: unknown): Promise<Response> => {
    for (let tried = 1; ; tried += 1) {
      const response = await requested(method, url, body, options.token);
      if (response.ok) return response;
      if (response.status !== 429 || tried === TRIES) {
        throw new Error(await refusal(method, url, response));
      }
      await response.body?.cancel();
      const ms = waitOf(response.headers);
      options.onWait?.(`Sentry limits requests; waiting ${Math.ceil(ms / 1_000)} s`);
      await (options.wait ?? timeout)(ms);
    }
  };
  return {
    async list(path) {
      const found: unknown[] = [];
      let next: URL | undefined = new URL(path, base);
      for (let page = 1; next !== undefined; page += 1) {
        const asked: URL = next;
        const response = await ask("GET", asked);
        const items: unknown = await jsonOf(response, asked);
        if (!Array.isArray(items) || page > MOST_PAGES) {
          throw new Error(`GET ${asked.href} gave no list that ends; check --url`);
        }
        found.push(...items);
        next = nextOf(response.headers.get("link"), asked);
      }
      return found;
    },
    async send(method, path, body) {
      const url = new URL(path, base);
      const response = await ask(method, url, body);
      if (response.status !== 204 && method !== "DELETE") return jsonOf(response, url);
      await response.body?.cancel();
      return undefined;
    },
  };
}

// The token must not cross a network unencrypted.
function baseOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ["localhost", "127.0.0.1", "[::1]"].includes(url?.hostname ?? "");
  if (url?.protocol === "https:" || (url?.protocol === "http:" && isLoopback)) return url.origin;
  throw new Error(
    `--url is ${JSON.stringify(text)}; write an https address, such as https://sentry.io`,
  );
}

async function requested(
  method: string,
  url: URL,
  body: unknown,
  token: string,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "manual",
      signal: AbortSignal.timeout(REQUEST_MS),
    });
  } catch (error) {
    throw new Error(
      `${method} ${url.href} had no answer (${reasonOf(error)}); check --url and the network`,
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code ?? name;
}

const ADVICE: Readonly<Record<number, string>> = {
  401: "write a valid token into the token file",
  403: "give the token the scope alerts:write",
  404: 'check "organization" and "project" in the configuration',
  410: "this server has no monitors and alerts any more under this address; use a newer version",
  429: "try again later",
};

async function refusal(method: string, url: URL, response: Response): Promise<string> {
  const text = (await response.text().catch(() => "")).replaceAll(/\s+/g, " ").slice(0, 500);
  const location = response.headers.get("location");
  const said = location === null ? text : `a redirect to ${location}`;
  const advice =
    ADVICE[response.status] ??
    (location === null
      ? response.status >= 500
        ? "try again later"
        : "check the ids in the configuration"
      : "name that server in --url");
  return `${method} ${url.href} was answered ${response.status}${said === "" ? "" : ` with ${said}`}; ${advice}`;
}

async function jsonOf(response: Response, url: URL): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new Error(`${url.href} gave no JSON; check --url`, { cause: error });
  }
}

// Either header may stand there; without both, Sentry counts by the second.
function waitOf(headers: Headers): number {
  const after = headers.get("retry-after");
  const reset = headers.get("x-sentry-rate-limit-reset");
  const ms = after === null ? untilReset(reset) : untilAfter(after);
  return Math.min(Math.max(Number.isFinite(ms) ? ms : 1_000, 0), LONGEST_WAIT_MS);
}

function untilAfter(after: string): number {
  return /^\d+$/.test(after) ? Number(after) * 1_000 : Date.parse(after) - Date.now();
}

function untilReset(reset: string | null): number {
  return reset === null ? 1_000 : Number(reset) * 1_000 - Date.now();
}

function nextOf(link: string | null, asked: URL): URL | undefined {
  const next = link?.split(/,(?=\s*<)/).find((part) => /;\s*rel="next"/.test(part));
  if (next === undefined || !/;\s*results="true"/.test(next)) return undefined;
  const cursor = /;\s*cursor="([^"]*)"/.exec(next)?.[1];
  if (cursor === undefined) return undefined;
  // The cursor alone is taken: the address may name a host of its own, where the token does not belong.
  const url = new URL(asked);
  url.searchParams.set("cursor", cursor);
  return url;
}
