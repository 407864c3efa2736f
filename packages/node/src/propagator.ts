import {
  type Baggage,
  type Context,
  createTraceState,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import type { Boundary } from "./boundary.ts";
import { destinationOf } from "./destination.ts";
import type { RedactorFor } from "./gate-values.ts";
import { rememberCaller, sizedGetter } from "./inbound.ts";
import { tellFault } from "./shield.ts";
import { redactTraceState } from "./trace-state.ts";

export type Inbound = "continue" | "link" | "ignore";

export interface PropagatorOptions {
  /** Of OTEL_PROPAGATORS. */
  names: readonly string[];
  redactorFor: RedactorFor;
  boundary: Boundary;
  /** Whether a caller's trace is continued, linked to, or not looked at. */
  inbound: Inbound;
  /** Told when headers could not be judged. */
  onFailed: () => void;
}

/**
 * Gives the propagator that OTEL_PROPAGATORS asks for, behind the gate; `null` when the list is `none`.
 *
 * A header leaves only to where the boundary has it go, and to nobody when it is not known who gets it. Of trace state
 * and baggage what has a finding stays here, in both directions. Never throws into the request: what cannot be judged is
 * neither sent nor taken.
 */
export function gatedPropagator({
  names,
  redactorFor,
  boundary,
  inbound,
  onFailed,
}: PropagatorOptions): TextMapPropagator | null {
  const propagators = names.flatMap((name): TextMapPropagator[] => {
    if (name === "tracecontext") return [new W3CTraceContextPropagator()];
    if (name === "baggage") return [new W3CBaggagePropagator()];
    if (name === "sentry") return [sentryTrace()];
    return [];
  });
  if (propagators.length === 0) return null;
  const inner = new CompositePropagator({ propagators });

  const keepBaggage = (context: Context, isKept: (key: string) => boolean): Context => {
    const baggage = propagation.getBaggage(context);
    if (baggage === undefined) return context;
    const redactor = redactorFor("baggage");
    const clean = baggage.getAllEntries().reduce<Baggage>((kept, [key, entry]) => {
      if (!isKept(key)) return kept.removeEntry(key);
      // The metadata of an entry travels with it.
      const metadata = entry.metadata?.toString() ?? "";
      const unchanged =
        redactor.text(key) === key &&
        redactor.value(key, entry.value) === entry.value &&
        redactor.text(metadata) === metadata;
      return unchanged ? kept : kept.removeEntry(key);
    }, baggage);
    return propagation.setBaggage(context, clean);
  };

  const inject = <Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>) => {
    const target = destinationOf(context);
    if (target === undefined) return;
    const allows = (key: string): boolean => boundary.allows(target, key);
    const kept = keepBaggage(context, (key) => allows(`baggage.${key}`));
    inner.inject(kept, carrier, {
      set(to, key, value) {
        // Of baggage only what may leave is left.
        if (key !== "baggage" && !allows(key)) return;
        const text =
          key === "tracestate" ? redactTraceState(redactorFor("trace_state"), value) : value;
        if (text !== "") setter.set(to, key, text);
      },
    });
  };

  const extract = <Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>) => {
    const extracted = inner.extract(context, carrier, sizedGetter(getter));
    const caller = trace.getSpanContext(extracted);
    const isNew = caller !== undefined && caller !== trace.getSpanContext(context);
    if (inbound !== "continue") {
      return isNew && inbound === "link" ? rememberCaller(context, caller) : context;
    }
    const before = caller?.traceState?.serialize() ?? "";
    if (isNew && before !== "") {
      const after = redactTraceState(redactorFor("trace_state"), before);
      if (after !== before) caller.traceState = createTraceState(after);
    }
    return keepBaggage(extracted, () => true);
  };

  return {
    inject(context, carrier, setter) {
      try {
        inject(context, carrier, setter);
      } catch (error) {
        tellFault("the propagator", error);
        onFailed();
      }
    },
    extract(context, carrier, getter) {
      try {
        return extract(context, carrier, getter);
      } catch (error) {
        tellFault("the propagator", error);
        onFailed();
        return context;
      }
    },
    fields: () => inner.fields(),
  };
}

// Reads the header of Sentry's browser and mobile clients. Its part is loaded when one first comes.
function sentryTrace(): TextMapPropagator {
  let loaded: TextMapPropagator | undefined;
  return {
    inject() {
      // Sentry's header would carry the trace to third parties in a second form.
    },
    extract(context, carrier, getter) {
      if (getter.get(carrier, "sentry-trace") === undefined) return context;
      const sentry = (): typeof import("./sentry.ts") => require("./sentry");
      loaded ??= sentry().sentryTracePropagator();
      return loaded.extract(context, carrier, getter);
    },
    fields: () => [],
  };
}
