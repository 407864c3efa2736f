import type { DropClass } from "./drop-class.ts";
import type { SelfMetrics, Signal } from "./self-metrics.ts";

/**
 * Gives the gate for a batch: every item redacted, and what cannot be judged dropped and counted.
 *
 * The rest of the batch goes on: one item that the redactor fails on must not cost the others.
 */
export function keepJudged<Item, Kept extends Item>(
  signal: Signal,
  redact: (item: Item) => Kept,
  self: SelfMetrics,
  classOf?: (item: Item) => DropClass,
): (items: readonly Item[]) => Kept[] {
  return (items) =>
    items.flatMap((item) => {
      try {
        return [redact(item)];
      } catch {
        if (classOf === undefined) self.dropped(signal, "redaction_failed", 1);
        else self.dropped(signal, "redaction_failed", 1, classOf(item));
        return [];
      }
    });
}
