import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { diag } from "@opentelemetry/api";

const CREATED = "undici:request:create";

/**
 * Calls `observe` with the first request by `fetch` or undici, when it is made.
 *
 * Whoever subscribes while a message is published does not get that one, so it is handed over.
 */
export function watchFetch(observe: (first: unknown) => void): void {
  const first = (message: unknown): void => {
    unsubscribe(CREATED, first);
    try {
      observe(message);
    } catch (error) {
      diag.error("requests by fetch cannot be observed", error);
    }
  };
  subscribe(CREATED, first);
}
