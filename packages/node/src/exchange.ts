import type { EventEmitter } from "node:events";
import { type Attributes, type Context, context, diag, type Span } from "@opentelemetry/api";

/** A request and its response, served or made by this process. */
export interface Exchange {
  span: Span;
  /** What listeners of the request and of the response run in, whatever socket has them called. */
  listenersContext: Context;
  startedMs: number;
  /** Labels of the duration metric, as far as they are known. */
  labels: Attributes;
  isEnded: boolean;
}

const EXCHANGE = Symbol("assay.exchange");

interface Carrier {
  [EXCHANGE]?: Exchange;
}

/** Gives what `carry` put on a request or a response, or on none. */
export function exchangeOf(message: object | undefined): Exchange | undefined {
  const carrier: Carrier | undefined = message;
  return carrier?.[EXCHANGE];
}

/** Makes a request or a response known as a part of `exchange`. */
export function carry(message: object, exchange: Exchange): void {
  (message as Carrier)[EXCHANGE] = exchange;
}

/** `emit` of Node's emitters. */
export type Emit = (
  this: object,
  ...given: [event: string | symbol, ...values: unknown[]]
) => unknown;

/**
 * Shows `see` how the messages of a class that are part of an exchange end, before their listeners hear of it, and calls
 * the listeners of each event in the exchange's context.
 *
 * It changes the class once. To bind each message, as upstream does, is the dearest part of upstream's instrumentation;
 * not to bind at all gives listeners the context of whoever first used the connection.
 */
export function followEvents<Message extends EventEmitter>(
  { prototype }: { prototype: Message },
  see: (
    exchange: Exchange,
    event: "close" | "end" | "error",
    message: Message,
    value: unknown,
  ) => void,
): void {
  wrap(
    prototype,
    "emit",
    (emit: Emit) =>
      function emitFollowed(...given) {
        const exchange = exchangeOf(this);
        if (exchange === undefined) return Reflect.apply(emit, this, given);
        const event = given[0];
        if (event === "close" || event === "end" || event === "error") {
          guard(() => see(exchange, event, this as Message, given[1]));
        }
        const { listenersContext } = exchange;
        if (context.active() === listenersContext) return Reflect.apply(emit, this, given);
        return context.with(listenersContext, emit, this, ...given);
      },
  );
}

/** Puts what `make` gives for a function in its place, as a class has its own. */
export function wrap<Original extends (this: never, ...given: never[]) => unknown>(
  holder: object,
  name: string,
  make: (original: Original) => Original,
): void {
  const value = make((holder as Record<string, Original>)[name]!);
  Object.defineProperty(holder, name, { value, writable: true, configurable: true });
}

/** Runs what is for telemetry only: the application does not notice when it fails. */
export function guard<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    diag.error("a request could not be observed", error);
    return undefined;
  }
}
