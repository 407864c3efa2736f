import { JsonLogsSerializer, ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import type { Config } from "./config.ts";
import { type ExitRequest } from "./exit-send.ts";

export { sendAtExit } from "./exit-send.ts";
import type { Exporters } from "./exporters.ts";
import { encodingOf } from "./encoding.ts";
import { spanSerializer } from "./span-serializer.ts";

/** What is held, as requests that need no more than sending; `unreadable` counts the items that cannot be written. */
export interface Rest {
  requests: ExitRequest[];
  unreadable: number;
}

/** Takes what the exporters hold and serialises it, for at most about `forMs`. */
export function takeRest(config: Config, { spans, logs }: Exporters, forMs: number): Rest {
  const rest: Rest = { requests: [], unreadable: 0 };
  const encoding = encodingOf(config.tracesProtocol, config);
  const tracesJson = encoding === "http/json";
  const traces = spanSerializer(encoding);
  const logsJson = encodingOf(config.logsProtocol, config) === "http/json";
  const records = logsJson ? JsonLogsSerializer : ProtobufLogsSerializer;
  // Half of the time is for spans at most, however many there are.
  for (const batch of spans?.takeAll(forMs / 2) ?? []) {
    add(rest, batch, "TRACES", tracesJson, (items) => traces.serializeRequest(items));
  }
  for (const batch of logs?.takeAll(forMs / 2) ?? []) {
    add(rest, batch, "LOGS", logsJson, (items) => records.serializeRequest([...items]));
  }
  return rest;
}

// One item that cannot be written, with NaN for its time, must not cost the others, so a batch with one is halved.
function add<Item>(
  rest: Rest,
  items: readonly Item[],
  signal: "TRACES" | "LOGS",
  json: boolean,
  serialise: (items: readonly Item[]) => Uint8Array | undefined,
): void {
  const body = written(items, serialise);
  if (body !== undefined) rest.requests.push({ signal, json, body });
  else if (items.length === 1) rest.unreadable += 1;
  else {
    const half = Math.ceil(items.length / 2);
    add(rest, items.slice(0, half), signal, json, serialise);
    add(rest, items.slice(half), signal, json, serialise);
  }
}

function written<Item>(
  items: readonly Item[],
  serialise: (items: readonly Item[]) => Uint8Array | undefined,
): Uint8Array | undefined {
  try {
    return serialise(items);
  } catch {
    return undefined; // counted by the caller once it is known which item it is
  }
}
