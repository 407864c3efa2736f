import {
  type Context,
  context,
  createContextKey,
  diag,
  ROOT_CONTEXT,
  type Span,
  trace,
} from "@opentelemetry/api";
import { type ClientMetrics, createClientMetrics, type VersionBuckets } from "./client-metrics.ts";
import { isPromise } from "./promise.ts";
import {
  type Facts,
  type FactSources,
  type HttpRequest,
  readFacts,
  readId,
} from "./request-facts.ts";
import { createQuestions, type Part } from "./request-questions.ts";
import { contextOfTenant, setTenant, type Tenant } from "./tenant.ts";
import { contextOfUser, setUser, type User } from "./user.ts";

/** A user without what would name the person: an answer with one of these does not compile, and none of it is read. */
export interface RequestUser extends User {
  address?: never;
  email?: never;
  ip?: never;
  name?: never;
  phone?: never;
}

type Answer<Value> = Value | undefined | Promise<Value | undefined>;

export interface RequestContextOptions<Request> extends FactSources<Request> {
  /** For whom the request is. */
  user?: (request: Request) => Answer<RequestUser>;
  /** On whose behalf the request is made. */
  tenant?: (request: Request) => Answer<Tenant>;
  /** How long `user` and `tenant` may take, in milliseconds; then the request goes on without. 1,000 when absent. */
  limitMs?: number;
  /** Which versions of clients have a label of their own on metrics. */
  versions?: VersionBuckets;
}

/** The answer to a request, as Node has it. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headersSent: boolean;
  once(event: "close", listener: () => void): unknown;
}

/** A request as the framework has it, with what Node has of it. */
export interface Exchange<Request> {
  request: Request;
  message: object;
  response: HttpResponse;
}

/** Runs the rest of a request for its user and its tenant. */
export type EnterRequest<Request> = <Result>(
  exchange: Exchange<Request>,
  next: () => Result,
) => Result | Promise<Result>;

// Known by its description to the preload, which writes it on log records.
const REQUEST = createContextKey("assay.finance.request");
// Of @opentelemetry/core: where instrumentations of servers put their span, below which others may be open.
const RPC_METADATA = createContextKey("OpenTelemetry SDK Context Key RPC_METADATA");
const PROBE = ROOT_CONTEXT.setValue(createContextKey("assay.finance.probe"), true);

const seen = new WeakSet<object>();

/**
 * Makes what runs the rest of each request for its user and tenant: on the server span, which is open already, on spans
 * and log records that follow, and never in baggage.
 *
 * Without an SDK it only runs the rest. It never throws and never ends a request: a function of the application that
 * fails is counted and told once.
 */
export function createRequestContext<Request extends HttpRequest>(
  options: RequestContextOptions<Request>,
): EnterRequest<Request> {
  const { user, tenant, limitMs = 1_000, versions } = options;
  const metrics = createClientMetrics(versions);
  const questions = createQuestions(partsOf(options), limitMs);
  let isLive = false;

  const ask = <Value>(
    part: Part,
    question: ((request: Request) => unknown) | undefined,
    request: Request,
    read: (given: unknown) => Value | undefined,
  ): Answer<Value> =>
    question === undefined ? undefined : questions.ask(part, () => question(request), read);

  return (exchange, next) => {
    const { request, response } = exchange;
    isLive ||= hasContexts();
    if (!isLive) return next();
    const facts = guard(() => readFacts(request, options, questions));
    if (facts !== undefined) guard(() => countOnClose(response, facts, metrics));
    const enter = (forWhom?: RequestUser, onBehalf?: Tenant): ReturnType<typeof next> => {
      const inside = guard(() => enterContext(exchange.message, facts, forWhom, onBehalf));
      return inside === undefined ? next() : context.with(inside, next);
    };
    const asked = guard(() => [
      ask("user", user, request, readUser),
      ask("tenant", tenant, request, readTenant),
    ]) as [Answer<RequestUser>, Answer<Tenant>] | undefined;
    if (asked === undefined) return enter();
    const [who, whose] = asked;
    if (!isPromise(who) && !isPromise(whose)) return enter(who, whose);
    return Promise.all([who, whose]).then(([one, other]) => enter(one, other));
  };
}

function partsOf(options: RequestContextOptions<never>): Part[] {
  const { user, tenant, version, platform, idempotencyKey, session } = options;
  const all: [Part, unknown][] = [
    ["user", user],
    ["tenant", tenant],
    ["version", version],
    ["platform", platform],
    ["idempotency_key", idempotencyKey],
    ["session", session],
  ];
  return all.filter(([, source]) => typeof source === "function").map(([part]) => part);
}

// The API does not say whether a context manager is there, and one may come after the plugin.
function hasContexts(): boolean {
  return context.with(PROBE, () => context.active() === PROBE);
}

function enterContext(
  message: object,
  facts: Facts | undefined,
  user: RequestUser | undefined,
  tenant: Tenant | undefined,
): Context {
  const outside = context.active();
  const attributes = { ...(outside.getValue(REQUEST) as object | undefined), ...facts?.attributes };
  let inside = outside.setValue(REQUEST, attributes);
  if (user !== undefined) inside = contextOfUser(inside, user);
  if (tenant !== undefined) inside = contextOfTenant(inside, tenant);
  for (const span of spansOf(outside)) {
    span.setAttributes(attributes);
    if (user !== undefined) setUser(span, user);
    if (tenant !== undefined) setTenant(span, tenant);
  }
  // Or listeners of the request and of its response, such as what reads a body and what logs the end, would be called
  // in the context that the request came in.
  context.bind(inside, message);
  return inside;
}

function spansOf(active: Context): Set<Span> {
  const server = active.getValue(RPC_METADATA) as { span?: Span } | undefined;
  const spans = [server?.span, trace.getSpan(active)];
  return new Set(spans.filter((span) => span !== undefined));
}

// A request may pass two plugins, such as Nest's middleware and its interceptor; it counts once.
function countOnClose(response: HttpResponse, facts: Facts, metrics: ClientMetrics): void {
  if (seen.has(response)) return;
  seen.add(response);
  response.once("close", () => {
    guard(() => {
      const hasFailed = response.headersSent && response.statusCode >= 500;
      metrics.count(facts.platform, facts.minor, hasFailed);
    });
  });
}

// Copied, so that nothing else that the answer has is kept, and a change to it changes nothing here.
function readUser(given: unknown): RequestUser | undefined {
  const { id, tier, riskBand, roles } = given as RequestUser;
  if (readId(id) === undefined) return undefined;
  return {
    id,
    ...(tier !== undefined && { tier }),
    ...(riskBand !== undefined && { riskBand }),
    ...(Array.isArray(roles) && { roles: roles.filter((each) => typeof each === "string") }),
  };
}

function readTenant(given: unknown): Tenant | undefined {
  const { id, tier } = given as Tenant;
  if (readId(id) === undefined) return undefined;
  return tier === undefined ? { id } : { id, tier };
}

function guard<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    diag.error("the context of a request could not be kept", error);
    return undefined;
  }
}
