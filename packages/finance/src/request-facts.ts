import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_FINANCE_CLIENT_PLATFORM,
  ATTR_FINANCE_CLIENT_VERSION,
  ATTR_FINANCE_IDEMPOTENCY_KEY_HASH,
  ATTR_FINANCE_SESSION_ID,
  FINANCE_CLIENT_PLATFORM_VALUE_OTHER,
} from "@assay/semconv";
import type { ClientPlatform } from "./client-metrics.ts";
import { readVersion } from "./client-version.ts";
import type { Part, Questions } from "./request-questions.ts";

/** A request as every framework has it. */
export interface HttpRequest {
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** Where something of a request is: the name of a header, or a function that gives it at once. */
export type Source<Request> = string | ((request: Request) => string | undefined);

/** Where it is said from what client a request comes, and in which session. */
export interface FactSources<Request> {
  /** Version of the client, such as "5.12.3". `App-Version` when absent. */
  version?: Source<Request>;
  /** What the client runs on: ios, android, web, desktop or server. `App-Platform` when absent. */
  platform?: Source<Request>;
  /** `Idempotency-Key` when absent. Leaves the process as a keyed hash. */
  idempotencyKey?: Source<Request>;
  /** Id of the session, never its token. Leaves the process as a pseudonym. */
  session?: Source<Request>;
}

/** What is known of a request without who made it. */
export interface Facts {
  platform: ClientPlatform;
  /** Major and minor number of the client's version. */
  minor: string | undefined;
  attributes: Attributes;
}

// An id that is longer is a token, a body or a mistake.
const LONGEST_ID = 256;
const PLATFORMS = new Map<string, ClientPlatform>(
  (["ios", "android", "web", "desktop", "server"] as const).map((each) => [each, each]),
);

/** Reads the facts of a request. What a header says and is of no use is left out: a caller may write there anything. */
export function readFacts<Request extends HttpRequest>(
  request: Request,
  {
    version = "app-version",
    platform = "app-platform",
    idempotencyKey = "idempotency-key",
    session,
  }: FactSources<Request>,
  questions: Questions,
): Facts {
  const find = (part: Part, source: Source<Request> | undefined): string | undefined => {
    if (source === undefined) return undefined;
    if (typeof source === "function") return questions.askNow(part, () => source(request), readId);
    const given = request.headers[source.toLowerCase()];
    return given === undefined ? undefined : readId(given);
  };
  const attributes: Attributes = {};
  const saidVersion = find("version", version);
  const client = saidVersion === undefined ? undefined : readVersion(saidVersion);
  if (client !== undefined) attributes[ATTR_FINANCE_CLIENT_VERSION] = client.version;
  const saidPlatform = find("platform", platform);
  const known = PLATFORMS.get(saidPlatform?.toLowerCase() ?? "");
  const ranOn = known ?? FINANCE_CLIENT_PLATFORM_VALUE_OTHER;
  if (saidPlatform !== undefined) attributes[ATTR_FINANCE_CLIENT_PLATFORM] = ranOn;
  const key = find("idempotency_key", idempotencyKey);
  if (key !== undefined) attributes[ATTR_FINANCE_IDEMPOTENCY_KEY_HASH] = key;
  const sessionId = find("session", session);
  if (sessionId !== undefined) attributes[ATTR_FINANCE_SESSION_ID] = sessionId;
  return { platform: ranOn, minor: client?.minor, attributes };
}

/** Reads an id, or another short text; undefined when it is none. */
export function readId(given: unknown): string | undefined {
  const isId = typeof given === "string" && given !== "" && given.length <= LONGEST_ID;
  return isId ? given : undefined;
}
