import {
  type Baggage,
  type Context,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
} from "@opentelemetry/api";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import type { RedactorFor } from "./gate-values.ts";
import { tellFault } from "./shield.ts";
import { redactTraceState } from "./trace-state.ts";

/**
 * Gives the propagator that OTEL_PROPAGATORS asks for, behind the gate.
 *
 * `tracestate` members and baggage entries with a finding do not leave; the rest, and `traceparent`, do. `null` when
 * the list is `none`. Never throws into the request: what cannot be judged is not sent.
 */
export function gatedPropagator(
  names: readonly string[],
  redactorFor: RedactorFor,
): TextMapPropagator | null {
  const propagators = names.flatMap((name): TextMapPropagator[] => {
    if (name === "tracecontext") return [new W3CTraceContextPropagator()];
    if (name === "baggage") return [new W3CBaggagePropagator()];
    if (name === "sentry") return [sentryTrace()];
    return [];
  });
  if (propagators.length === 0) return null;
  const inner = new CompositePropagator({ propagators });

  const redactBaggage = (context: Context): Context => {
    const baggage = propagation.getBaggage(context);
    if (baggage === undefined) return context;
    const redactor = redactorFor("baggage");
    const clean = baggage.getAllEntries().reduce<Baggage>((kept, [key, entry]) => {
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

  // What cannot be judged throws before anything is set for it.
  const inject = <Carrier>(
    context: Context,
    carrier: Carrier,
    setter: TextMapSetter<Carrier>,
  ): void => {
    const gatedSetter: TextMapSetter<Carrier> = {
      set(target, key, value) {
        const kept =
          key === "tracestate" ? redactTraceState(redactorFor("trace_state"), value) : value;
        if (kept !== "") setter.set(target, key, kept);
      },
    };
    inner.inject(redactBaggage(context), carrier, gatedSetter);
  };

  return {
    inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>) {
      try {
        inject(context, carrier, setter);
      } catch (error) {
        tellFault("the propagator", error);
      }
    },
    extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>) {
      try {
        return inner.extract(context, carrier, getter);
      } catch (error) {
        tellFault("the propagator", error);
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
