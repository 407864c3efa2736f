import type { IncomingMessage } from "node:http";
import { guard, wrap } from "./exchange.ts";
import { patchModule } from "./module-patch.ts";
import { noteThrown, servedOf } from "./thrown.ts";

interface KoaContext {
  req: IncomingMessage;
  /** Of @koa/router: the path of what it chose, with its prefixes. */
  _matchedRoute?: string | RegExp;
  /** Of koa-mount: where the application that chooses is. */
  mountPath?: string;
}
type Middleware = ((context: KoaContext, next: unknown) => Promise<unknown>) & { router?: unknown };
interface Application {
  context: object;
}

/** Gives Koa's requests their route, by @koa/router, and the errors that reach it or Koa itself. */
export function observeKoa(): void {
  patchModule({ name: "koa", versions: ">=2.0.0 <4", patch: patchKoa });
}

interface Koa {
  default?: Koa;
  prototype?: object;
}
type Use = (this: Application, middleware: Middleware) => unknown;
type Callback = (this: Application) => unknown;

function patchKoa(exports: Koa): void {
  const prototype = exports.prototype ?? exports.default!.prototype!;
  wrap(
    prototype,
    "use",
    (use: Use) =>
      function useTraced(middleware) {
        const isRouter = typeof middleware === "function" && middleware.router !== undefined;
        return Reflect.apply(use, this, [isRouter ? traced(middleware) : middleware]);
      },
  );
  wrap(
    prototype,
    "callback",
    (callback: Callback) =>
      function callbackTraced() {
        guard(() => patchContext(Object.getPrototypeOf(this.context) as object));
        return Reflect.apply(callback, this, []);
      },
  );
}

function traced(dispatch: Middleware): Middleware {
  const dispatchTraced: Middleware = (context, next) => {
    const result = dispatch(context, next);
    // It has chosen by now, and the handler may have begun.
    const exchange = servedOf(context.req);
    const { _matchedRoute: route, mountPath = "" } = context;
    if (exchange !== undefined && route !== undefined) {
      exchange.metadata.route = `${mountPath}${String(route)}`;
    }
    if (typeof result?.then === "function") {
      result.then(undefined, (error: unknown) => noteThrown(context.req, error));
    }
    return result;
  };
  return Object.assign(dispatchTraced, dispatch);
}

const patched = new WeakSet<object>();

type OnError = (this: KoaContext, error: unknown) => unknown;

// All applications inherit this one.
function patchContext(prototype: object): void {
  if (patched.has(prototype) || !("onerror" in prototype)) return;
  patched.add(prototype);
  wrap(
    prototype,
    "onerror",
    (onerror: OnError) =>
      function onerrorTraced(error) {
        if (error !== null && error !== undefined) noteThrown(this.req, error);
        return Reflect.apply(onerror, this, [error]);
      },
  );
}
