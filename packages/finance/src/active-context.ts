import { AsyncLocalStorage } from "node:async_hooks";
import { type Context, context, ROOT_CONTEXT } from "@opentelemetry/api";

// Without an SDK nobody keeps OpenTelemetry's context. A tenant and a user must be there all the same: a check of theirs
// that depends on telemetry would refuse everyone on the day that telemetry does not start.
const kept = new AsyncLocalStorage<Context>();

/** The context of the caller, with an SDK and without. */
export function activeContext(): Context {
  const active = context.active();
  return active === ROOT_CONTEXT ? (kept.getStore() ?? active) : active;
}

/** Runs `work` in a context, with an SDK and without. */
export function withContext<T>(wanted: Context, work: () => T): T {
  return context.with(wanted, () =>
    context.active() === wanted ? work() : kept.run(wanted, work),
  );
}
