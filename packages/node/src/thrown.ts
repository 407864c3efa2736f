import { exchangeOf, guard } from "./exchange.ts";
import type { Served } from "./http-server.ts";

/** The exchange that a request of Node's, or a framework's object around one, belongs to. */
export function servedOf(request: unknown): Served | undefined {
  if (typeof request !== "object" || request === null) return undefined;
  const { raw } = request as { raw?: unknown };
  const found =
    exchangeOf(request) ?? (typeof raw === "object" && raw ? exchangeOf(raw) : undefined);
  return found as Served | undefined;
}

/**
 * Records on the span of a served request what its handler threw, once, wherever the framework passes it by.
 *
 * What says of itself that the caller is at fault, by a status of 4xx, is no error of this service.
 */
export function noteThrown(request: unknown, thrown: unknown): void {
  guard(() => {
    const exchange = servedOf(request);
    if (exchange === undefined || exchange.isEnded || exchange.thrown === thrown) return;
    exchange.thrown = thrown;
    const status = statusOf(thrown);
    if (status >= 400 && status < 500) return;
    exchange.span.recordException(thrown instanceof Error ? thrown : String(thrown));
  });
}

function statusOf(thrown: unknown): number {
  if (typeof thrown !== "object" || thrown === null) return 0;
  const { status, statusCode, getStatus } = thrown as Record<string, unknown>;
  const told =
    statusCode ?? status ?? (typeof getStatus === "function" ? getStatus.call(thrown) : 0);
  return typeof told === "number" ? told : 0;
}
