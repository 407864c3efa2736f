import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { makeInstrumentation } from "./catalogue.ts";
import { diag } from "@opentelemetry/api";

const CREATED = "undici:request:create";

/**
 * Makes the instrumentation of `fetch` and undici when the first request is made.
 *
 * It listens to channels and changes no module. Whoever subscribes while a message is published does not get that one,
 * so it is handed over.
 */
export function watchUndici(options: object): void {
  const first = (message: unknown): void => {
    unsubscribe(CREATED, first);
    try {
      const made = makeInstrumentation("undici", options);
      (made as unknown as { onRequestCreated(message: unknown): void }).onRequestCreated(message);
    } catch (error) {
      diag.error("the instrumentation undici could not be loaded", error);
    }
  };
  subscribe(CREATED, first);
}
