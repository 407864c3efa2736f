import type { IncomingMessage, ServerResponse } from "node:http";
import { createSay } from "./diagnostics.ts";
import { type Authorize, isAllowed } from "./health-access.ts";
import { type CheckResult, createCheck, type Health, type HealthCheck } from "./health-check.ts";
import { lazy } from "./lazy.ts";
import { ownPaths } from "./own-ports.ts";
import { plainRedactor } from "./redactors.ts";
import { telemetryState } from "./telemetry-state.ts";

export interface HealthOptions {
  checks?: readonly HealthCheck[];
  /** Version of the service, for `/health`. */
  version?: string;
  /** Who may read `/health/detailed` and `/health/telemetry`; nobody unless given. */
  authorize?: Authorize;
  /** Path before the others, as "/internal". */
  prefix?: string;
}

/** Answers questions for health, on any server. */
export interface HealthEndpoints {
  /**
   * For node:http, Express (`app.use`) and Fastify's raw request: gives true when it answers the request. Otherwise it
   * calls `next`, where there is one, and leaves the response alone.
   */
  handler: (
    request: IncomingMessage & { originalUrl?: string },
    response: ServerResponse,
    next?: () => void,
  ) => boolean;
  /** The same for servers that take a Request and give a Response; 404 for other paths. */
  fetch: (request: Request) => Promise<Response>;
}

interface Answer {
  status: number;
  body: object;
  type?: string;
}

const NAME = /^[\w.-]{1,64}$/;
const HEALTH_JSON = "application/health+json";
const PASS: Record<Health, string> = { healthy: "pass", degraded: "warn", unhealthy: "fail" };

/**
 * Makes `/livez`, `/readyz`, `/health`, `/health/detailed` and `/health/telemetry`.
 *
 * `/livez` says that the process answers. `/readyz` is 503 when a critical check is unhealthy. `/health` has status,
 * time and version, with 503 when unhealthy. The detailed ones want `authorize`: the first has each check, the second how
 * telemetry goes, which never makes a service unready. Checks are asked when someone asks, one at a time, and answers are
 * kept for a while. Nothing here throws into the server, and the requests make no server spans.
 *
 * @example
 * const health = createHealth({
 *   checks: [{ name: "database", check: () => pool.query("SELECT 1") }],
 *   authorize: { tokenFile: "/run/secrets/health" },
 * });
 * app.use(health.handler);
 */
export function createHealth({
  checks = [],
  version,
  authorize,
  prefix = "",
}: HealthOptions = {}): HealthEndpoints {
  const say = createSay(lazy(plainRedactor), "ASSAY_CONFIG");
  const asks = checks.flatMap((check) => {
    if (NAME.test(check.name) && typeof check.check === "function") return [createCheck(check)];
    say(
      `a health check named ${JSON.stringify(check.name)} is not used; use a function, and a name of up to 64 letters, digits, dots, dashes and underscores.`,
    );
    return [];
  });
  const results = (): Promise<CheckResult[]> => Promise.all(asks.map((ask) => ask()));
  const detailed =
    (answer: () => Answer | Promise<Answer>) =>
    async (headers: Headers): Promise<Answer> =>
      (await isAllowed(authorize, headers)) ? answer() : refusal(authorize);

  const routes: Record<string, (headers: Headers) => Answer | Promise<Answer>> = {
    "/livez": () => ({ status: 200, body: { status: "pass" }, type: HEALTH_JSON }),
    "/readyz": async () => {
      const status = overall(await results());
      return { status: codeOf(status), body: { status: PASS[status] }, type: HEALTH_JSON };
    },
    "/health": async () => {
      const status = overall(await results());
      const body = { status, timestamp: now(), ...(version === undefined ? {} : { version }) };
      return { status: codeOf(status), body };
    },
    "/health/detailed": detailed(async () => detailsOf(await results())),
    "/health/telemetry": detailed(() => ({ status: 200, body: telemetryOf() })),
  };
  for (const path of Object.keys(routes)) ownPaths.add(prefix + path);

  const routeOf = (url: string | undefined): (typeof routes)[string] | undefined => {
    const path = (url ?? "").split("?", 1)[0] ?? "";
    return path.startsWith(prefix) ? routes[path.slice(prefix.length)] : undefined;
  };
  const answerTo = async (
    route: (headers: Headers) => Answer | Promise<Answer>,
    method: string | undefined,
    headers: Headers,
  ): Promise<Response> => {
    if (method !== "GET" && method !== "HEAD") {
      return responseOf({ status: 405, body: { error: "use GET" } });
    }
    try {
      return responseOf(await route(headers));
    } catch {
      return responseOf({ status: 500, body: { status: "unhealthy" } }); // never into the server
    }
  };

  return {
    handler(request, response, next) {
      const route = routeOf(request.originalUrl ?? request.url);
      if (route === undefined) {
        next?.();
        return false;
      }
      void answerTo(route, request.method, headersOf(request))
        .then(async (answer) => {
          response.writeHead(answer.status, Object.fromEntries(answer.headers));
          response.end(request.method === "HEAD" ? undefined : await answer.text());
        })
        .catch(() => response.destroy()); // the peer went away, or another handler has answered
      return true;
    },
    fetch: async (request) => {
      const route = routeOf(URL.parse(request.url)?.pathname);
      return route === undefined
        ? responseOf({ status: 404, body: { error: "not found" } })
        : answerTo(route, request.method, request.headers);
    },
  };
}

function headersOf({ headers }: IncomingMessage): Headers {
  const authorization = headers.authorization;
  const given = new Headers(authorization === undefined ? {} : { authorization });
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === "string" && name !== "authorization") given.set(name, value);
  }
  return given;
}

function responseOf({ status, body, type = "application/json" }: Answer): Response {
  const headers = {
    "content-type": type,
    "cache-control": "no-store",
    ...(status === 401 ? { "www-authenticate": "Bearer" } : {}),
  };
  return new Response(`${JSON.stringify(body)}\n`, { status, headers });
}

function refusal(authorize: Authorize | undefined): Answer {
  return authorize === undefined
    ? { status: 403, body: { error: "createHealth has no authorize" } }
    : { status: 401, body: { error: "not authorized" } };
}

// What is not critical can make a service degraded and no worse.
function overall(results: readonly CheckResult[]): Health {
  if (results.some(({ critical, status }) => critical && status === "unhealthy"))
    return "unhealthy";
  return results.every(({ status }) => status === "healthy") ? "healthy" : "degraded";
}

function codeOf(status: Health): number {
  return status === "unhealthy" ? 503 : 200;
}

function now(): string {
  return new Date().toISOString();
}

function detailsOf(results: readonly CheckResult[]): Answer {
  const application = overall(results);
  const body = {
    status: {
      application,
      ...Object.fromEntries(results.map(({ name, status }) => [name, status])),
    },
    checks: Object.fromEntries(
      results.map(({ name, status, message, responseTimeMs, checkedAt, critical }) => [
        name,
        {
          status,
          response_time_ms: responseTimeMs,
          critical,
          checked_at: new Date(checkedAt).toISOString(),
          ...(message === undefined ? {} : { message }),
        },
      ]),
    ),
    timestamp: now(),
  };
  return { status: codeOf(application), body };
}

function telemetryOf(): object {
  const { started, signals, dropped, gateFailures } = telemetryState();
  const at = Date.now();
  const entries = Object.entries(signals).map(([signal, state]) => [
    signal,
    {
      status: state.failingSince === undefined ? "healthy" : "degraded",
      held: state.held,
      delivered: state.delivered,
      dropped: state.dropped,
      last_delivery_age_ms: state.lastDeliveredAt === undefined ? null : at - state.lastDeliveredAt,
      failing_for_ms: state.failingSince === undefined ? null : at - state.failingSince,
    },
  ]);
  const isWell =
    started && Object.values(signals).every(({ failingSince }) => failingSince === undefined);
  return {
    status: isWell ? "healthy" : "degraded",
    signals: Object.fromEntries(entries) as object,
    dropped,
    gate_failures: gateFailures,
    timestamp: now(),
  };
}
