import type { DropClass } from "./drop-class.ts";
import type { SelfMetrics, Signal } from "./self-metrics.ts";

/**
 * Gives the gate for a batch: every item redacted, and what cannot be judged dropped and counted.
 *
 * The rest of the batch goes on: one item that the redactor fails on must not cost the others.
 */
export function keepJudged<Item>(
  signal: Signal,
  redact: (item: Item) => Item,
  self: SelfMetrics,
  classOf?: (item: Item) => DropClass,
): (items: readonly Item[]) => Item[] {
  return (items) =>
    items.flatMap((item) => {
      try {
        return [redact(item)];
      } catch {
        self.dropped(signal, "redaction_failed", 1, classOf?.(item));
        return [];
      }
    });
}
