import type { ResourceMetrics } from "@opentelemetry/sdk-metrics";
import { type ClusterMessage, COMMAND, encodeMetrics, hear, tell } from "./cluster-messages.ts";
import type { Say } from "./diagnostics.ts";

/** A primary that is busy with its own start answers later; one without Assay never does. */
const WELCOME_MS = 10_000;

/**
 * Gives the primary of the cluster this worker's metrics whenever it asks, after they have passed the gate.
 *
 * The function that is given sends the last of them, so that what was counted since the primary asked is not lost.
 */
export function answerPrimary(
  collect: () => Promise<ResourceMetrics>,
  say: Say,
): () => Promise<void> {
  const answer = async (scrape?: number): Promise<void> => {
    const message: ClusterMessage & { say: "answer" } = { cmd: COMMAND, say: "answer" };
    if (scrape !== undefined) message.scrape = scrape;
    try {
      const { scopeMetrics } = await collect();
      message.metrics = encodeMetrics(scopeMetrics.flatMap(({ metrics }) => metrics));
    } catch {
      // The primary counts a worker that has none, and its own scrape says what failed.
    }
    await tell(process, message);
  };
  const timer = setTimeout(() => {
    say(
      "the primary of this cluster runs without Assay, so nobody serves the /metrics of its workers; load @assay/node/register there, too.",
    );
  }, WELCOME_MS);
  timer.unref();
  hear(process, (message) => {
    if (message.say === "welcome") clearTimeout(timer);
    if (message.say === "ask") void answer(message.scrape);
  });
  void tell(process, { cmd: COMMAND, say: "hello" });
  return () => answer();
}
