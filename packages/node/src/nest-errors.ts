import { wrap } from "./exchange.ts";
import { patchModule } from "./module-patch.ts";
import { noteThrown } from "./thrown.ts";

interface Host {
  getArgByIndex(index: number): unknown;
}
interface ExceptionsHandler {
  prototype: object;
}

/**
 * Gives Nest's requests their errors, also those that filters of the application answer. Their routes come from Express
 * or Fastify, which Nest is built on.
 */
export function observeNest(): void {
  patchModule({
    name: "@nestjs/core",
    versions: ">=8.0.0 <13",
    file: "@nestjs/core/exceptions/exceptions-handler.js",
    patch: patchHandler,
  });
}

type Next = (this: unknown, exception: unknown, host: Host) => unknown;

function patchHandler({ ExceptionsHandler }: { ExceptionsHandler: ExceptionsHandler }): void {
  wrap(
    ExceptionsHandler.prototype,
    "next",
    (next: Next) =>
      function nextTraced(exception, host) {
        noteThrown(host.getArgByIndex(0), exception);
        return Reflect.apply(next, this, [exception, host]);
      },
  );
}
