import { diag } from "@opentelemetry/api";
import type { LogRecordProcessor } from "@opentelemetry/sdk-logs";
import type { SpanProcessor } from "@opentelemetry/sdk-trace";

const told = new Set<string>();

/** Tells of an error of ours, once for each place: one that comes with every request must not fill the log. */
export function tellFault(place: string, error: unknown): void {
  if (told.has(place)) return;
  told.add(place);
  diag.error(`${place} failed, the application goes on`, error);
}

/** Gives `act` without its throws: each gives `otherwise` in its place. */
export function shield<Given extends unknown[], Result>(
  place: string,
  act: (...given: Given) => Result,
  otherwise: (...given: Given) => Result,
): (...given: Given) => Result {
  return (...given) => {
    try {
      return act(...given);
    } catch (error) {
      tellFault(place, error);
      return otherwise(...given);
    }
  };
}

/** One processor of all of these: what one throws reaches neither the application, in whose calls they run, nor the others. */
export function shieldSpanProcessors(
  processors: readonly SpanProcessor[],
  onLost: () => void,
): SpanProcessor {
  const lost = (error: unknown): void => {
    tellFault("a span processor", error);
    onLost();
  };
  return {
    onStart(span, context) {
      for (const processor of processors) {
        try {
          processor.onStart(span, context);
        } catch (error) {
          lost(error);
        }
      }
    },
    onEnd(span) {
      for (const processor of processors) {
        try {
          processor.onEnd(span);
        } catch (error) {
          lost(error);
        }
      }
    },
    forceFlush: () => all(processors.map((processor) => processor.forceFlush())),
    shutdown: () => all(processors.map((processor) => processor.shutdown())),
  };
}

/** The same for log records. */
export function shieldLogProcessors(
  processors: readonly LogRecordProcessor[],
  onLost: () => void,
): LogRecordProcessor {
  return {
    onEmit(record, context) {
      for (const processor of processors) {
        try {
          processor.onEmit(record, context);
        } catch (error) {
          tellFault("a log record processor", error);
          onLost();
        }
      }
    },
    forceFlush: () => all(processors.map((processor) => processor.forceFlush())),
    shutdown: () => all(processors.map((processor) => processor.shutdown())),
  };
}

async function all(promises: readonly Promise<void>[]): Promise<void> {
  await Promise.all(promises);
}

/** Makes what an instrumentation throws over a module leave that module as it is. */
export function shieldLoading(name: string, instrumentation: object): void {
  // Upstream has no public place for it, and a throw of a patch is a throw of the application's `require`.
  const loading = instrumentation as Record<string, unknown>;
  const patch = loading["_onRequire"];
  if (typeof patch !== "function") return;
  loading["_onRequire"] = shield(
    `the instrumentation ${name}`,
    (...given: unknown[]): unknown => Reflect.apply(patch, instrumentation, given),
    (_module, exports) => exports,
  );
}
