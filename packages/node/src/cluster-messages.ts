import type { MetricData } from "@opentelemetry/sdk-metrics";

/**
 * What the processes of a cluster tell each other.
 *
 * Node gives a message whose `cmd` begins with `NODE_` to its listeners of `internalMessage` alone: neither
 * `process.on("message")` nor `worker.on("message")` of the application sees ours, and where it never listens nothing
 * waits in a queue.
 */
export type ClusterMessage = { cmd: typeof COMMAND } & (
  | { say: "hello" | "welcome" }
  | { say: "ask"; scrape: number }
  /** `metrics` is absent when they could not be collected, `scrape` when nobody asked: the last before the end. */
  | { say: "answer"; scrape?: number; metrics?: string }
);

export const COMMAND = "NODE_ASSAY_METRICS";

/** Hears our messages of a channel, the one to the primary or the one to a worker. */
export function hear(
  channel: NodeJS.EventEmitter,
  listener: (message: ClusterMessage) => void,
): void {
  channel.on("internalMessage", (message: Partial<ClusterMessage> | null) => {
    if (message?.cmd === COMMAND) listener(message as ClusterMessage);
  });
}

interface Channel {
  send?(
    message: object,
    handle: undefined,
    options: object,
    done: (error: unknown) => void,
  ): boolean;
}

/** Sends, and resolves when it has been written or never will be: the other side may have ended. */
export function tell(channel: Channel, message: ClusterMessage): Promise<void> {
  return new Promise<void>((resolve) => {
    if (channel.send === undefined) resolve();
    else channel.send(message, undefined, {}, () => resolve());
  }).catch(() => {
    // A channel that cannot send has no other side, and whoever waits for an answer has a limit.
  });
}

// JSON has no NaN and no infinity; a gauge may be one. No label begins with a character that ends a text elsewhere.
const MARK = "\0number ";

/** Writes metrics as the text of a message. */
export function encodeMetrics(metrics: readonly MetricData[]): string {
  return JSON.stringify(metrics, (_key, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? `${MARK}${value}` : value,
  );
}

/** Reads them again; throws when it is no such text. */
export function decodeMetrics(text: string): MetricData[] {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" && value.startsWith(MARK) ? Number(value.slice(MARK.length)) : value,
  ) as MetricData[];
}
