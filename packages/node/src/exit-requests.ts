import type { Config } from "./config.ts";
import { envOf } from "./declared.ts";
import { type Encoder, recordEncoder, spanEncoder } from "./encoders.ts";
import { type ExitRequest, sendAtExit } from "./exit-send.ts";
import type { Exporters } from "./exporters.ts";
import type { OtlpBody } from "./otlp-post.ts";
import type { Spool } from "./spool.ts";

export { recordEncoder, spanEncoder } from "./encoders.ts";

// A worker that sends needs about this to start.
const LEAST_TO_SEND_MS = 100;

/**
 * Sends what is held until `deadline`, and gives the sentences to say of what could not be.
 *
 * With a spool all of it is on disk before the first request begins, and what is delivered goes from there.
 */
export function sendHeld(
  config: Config,
  exporters: Exporters,
  failed: readonly ExitRequest[],
  spool: Spool | undefined,
  deadline: number,
): string[] {
  const { requests, split, unreadable } = takeRest(
    config,
    exporters,
    (deadline - performance.now()) / 2,
  );
  if (spool !== undefined) {
    for (const request of requests) spool.keepNow(request.items, request, request.body);
    for (const items of split) spool.forgetNow(items);
  }
  const all = [...requests.map((request) => sendable(request)), ...failed];
  const leftMs = deadline - performance.now();
  const delivered =
    all.length > 0 && leftMs > LEAST_TO_SEND_MS ? sendAtExit(all, leftMs, envOf(config)) : [];
  for (const [index, { items }] of requests.entries()) {
    if (delivered[index] === true) spool?.forgetNow(items);
  }
  const left = all.filter((_, index) => delivered[index] !== true).length;
  const kept = requests.filter(
    ({ items }, index) => delivered[index] !== true && spool?.keeps(items) === true,
  ).length;
  const sentences: string[] = [];
  if (kept > 0)
    sentences.push(
      `not delivered before the process ended: ${kept} batches, which are in the spool.`,
    );
  if (left > kept)
    sentences.push(
      `could not be delivered before the process ended, and lost: ${left - kept} of ${all.length} batches.`,
    );
  if (unreadable > 0) sentences.push(`cannot be written as OTLP, and lost: ${unreadable} items.`);
  return sentences;
}

/** A request, with what is in it. */
interface RestRequest extends OtlpBody {
  items: readonly unknown[];
}

/** What is held, as requests that need no more than sending; `unreadable` counts the items that cannot be written. */
interface Rest {
  requests: RestRequest[];
  /** Batches of which each part is a request of its own, because an item of them cannot be written. */
  split: (readonly unknown[])[];
  unreadable: number;
}

/** Takes what the exporters hold and serialises it, for at most about `forMs`. */
function takeRest(config: Config, { spans, logs }: Exporters, forMs: number): Rest {
  const rest: Rest = { requests: [], split: [], unreadable: 0 };
  // Half of the time is for spans at most, however many there are.
  for (const batch of spans?.takeAll(forMs / 2) ?? []) add(rest, batch, spanEncoder(config));
  for (const batch of logs?.takeAll(forMs / 2) ?? []) add(rest, batch, recordEncoder(config));
  return rest;
}

// One item that cannot be written, with NaN for its time, must not cost the others, so a batch with one is halved.
function add<Item>(rest: Rest, items: readonly Item[], encoder: Encoder<Item>): void {
  const { signal, json } = encoder;
  const body = encoder.encode(items);
  if (body !== undefined) {
    rest.requests.push({ signal, json, body, items });
    return;
  }
  rest.split.push(items);
  if (items.length === 1) {
    rest.unreadable += 1;
    return;
  }
  const half = Math.ceil(items.length / 2);
  add(rest, items.slice(0, half), encoder);
  add(rest, items.slice(half), encoder);
}

/** The parts of a request that the worker needs. */
function sendable({ signal, json, body }: RestRequest): ExitRequest {
  return { signal, json, body };
}
