import { ExportResultCode, type ExportResult } from "@opentelemetry/core";

/**
 * How an attempt to deliver a batch ended.
 *
 * `rejected` is a refusal that no retry can change; `byItem` says that it is about what is in the batch, or about its
 * size, so that a part of the batch may be accepted. `failed` says that the server itself failed, on this batch or on
 * all.
 */
export type Delivery =
  | { ok: true }
  | { ok: false; rejected: boolean; byItem?: boolean; failed?: boolean; reason: string };

/** An exporter that makes one attempt. */
export interface Sender<Items> {
  exporter: { export(items: Items, done: (result: ExportResult) => void): void };
  /** To be called before each export. */
  begin(): void;
}

/** Exports by what `load` gives, and tells how that ended. Never rejects: nobody awaits it, and that would end the application. */
export function deliver<Items>(load: () => Sender<Items>, items: Items): Promise<Delivery> {
  return new Promise((resolve) => {
    let sender: Sender<Items>;
    try {
      sender = load();
    } catch (error) {
      resolve({ ok: false, rejected: false, reason: reasonOf(error, "it cannot be loaded") });
      return;
    }
    try {
      sender.begin();
      sender.exporter.export(items, (result) => resolve(deliveryOf(result)));
    } catch (error) {
      // The serializer threw.
      const reason = reasonOf(error, "it cannot be serialised");
      resolve({ ok: false, rejected: true, byItem: true, reason });
    }
  });
}

function reasonOf(error: unknown, otherwise: string): string {
  return error instanceof Error ? error.message : otherwise;
}

// OTLP/HTTP, "Retryable Response Codes", and 408, which proxies give.
const LATER = new Set([408, 429, 502, 503, 504]);

/** Tells from what an exporter says how a delivery ended. */
export function deliveryOf({ code, error }: ExportResult): Delivery {
  if (code === ExportResultCode.SUCCESS) return { ok: true };
  const status = (error as { code?: unknown } | undefined)?.code;
  const isStatus = typeof status === "number";
  const isLater = isStatus && LATER.has(status);
  const rejected = isStatus && status >= 400 && status < 500 && !isLater;
  // By the protocol these are not to be sent again either, but a proxy in front of the Collector gives them for a while.
  const failed = isStatus && !rejected && !isLater;
  // Too large, or one item that the Collector cannot read.
  const byItem = status === 400 || status === 413;
  const reason = `${isStatus ? `HTTP ${status} ` : ""}${error?.message ?? "no reason given"}`;
  return { ok: false, rejected, byItem, failed, reason: reason.trim() };
}

/** What an attempt comes to that ended with an error. */
export function failedBy(error: unknown): Delivery {
  const reason = error instanceof Error ? error.message : "no reason given";
  return { ok: false, rejected: false, reason };
}
