import { AsyncLocalStorage } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { type Context, type ContextManager, ROOT_CONTEXT } from "@opentelemetry/api";
import { exchangeOf } from "./exchange.ts";

type Work = (...args: unknown[]) => unknown;

/**
 * Makes the context manager.
 *
 * Upstream's wraps each listener that is added to an emitter which is bound; this one enters the context when the emitter
 * emits.
 */
export function createContextManager(): ContextManager {
  const storage = new AsyncLocalStorage<Context>();
  const bound = new WeakSet<EventEmitter>();

  const bindEmitter = (context: Context, emitter: EventEmitter): void => {
    const exchange = exchangeOf(emitter);
    if (exchange !== undefined) {
      // A request has its listeners called in its own context already; whoever knows more of it sets another one.
      exchange.listenersContext = context;
      return;
    }
    if (bound.has(emitter)) return;
    bound.add(emitter);
    const emit = Reflect.get(emitter, "emit") as Work;
    emitter.emit = function emitInContext(...given) {
      return storage.run(context, () => Reflect.apply(emit, this, given) as boolean);
    };
  };

  const bindFunction = (context: Context, work: Work): Work => {
    const inContext = function inContext(this: unknown, ...given: unknown[]): unknown {
      return storage.run(context, () => Reflect.apply(work, this, given));
    };
    // Express and others look at how many arguments a function takes.
    Object.defineProperty(inContext, "length", { configurable: true, value: work.length });
    return inContext;
  };

  const manager: ContextManager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (context, work, self, ...given) =>
      self === undefined || self === null
        ? storage.run(context, work as never, ...given)
        : storage.run(context, () => Reflect.apply(work, self, given) as never),
    bind<Target>(context: Context, target: Target): Target {
      if (target instanceof EventEmitter) bindEmitter(context, target);
      else if (typeof target === "function")
        return bindFunction(context, target as never) as Target;
      return target;
    },
    attach(context) {
      const before = manager.active();
      storage.enterWith(context);
      let isDisposed = false;
      return {
        dispose() {
          if (!isDisposed) storage.enterWith(before);
          isDisposed = true;
        },
      };
    },
    enable: () => manager,
    disable() {
      storage.disable();
      return manager;
    },
  };
  return manager;
}
