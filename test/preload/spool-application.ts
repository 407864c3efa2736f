import type { OtlpReceiver } from "../support/otlp-receiver.ts";
import type { Service } from "../support/process.ts";
import type { SpoolFolder } from "../support/spool.ts";
import { waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";

/** Where no Collector is. */
export const AWAY = "http://127.0.0.1:9";

/** Starts an application with that spool, which sends to `url`. */
export function start({ env }: SpoolFolder, url: string, ...args: string[]): Promise<Service> {
  return startApplication({
    file: "spool.cjs",
    args,
    env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: url },
    ready: /finished/,
  });
}

/** Leaves 20 spans and a log record, as a process that is killed while the Collector is away. */
export async function leave(from: SpoolFolder, name = "left"): Promise<void> {
  const before = from.batches().length;
  await using application = await start(from, AWAY, "20", name, "stay");
  await waitFor(() => from.batches().length === before + 2, { what: "two batches on disk" });
  await application.kill("SIGKILL");
}

/** What arrived: names of spans and bodies of log records. */
export function names(receiver: OtlpReceiver): string[] {
  return [
    ...receiver.spans().map(({ name }) => name),
    ...receiver.logs().map(({ body }) => String(body)),
  ].toSorted();
}

/** What `leave` leaves. */
export function left(name = "left"): string[] {
  return [
    ...Array.from({ length: 20 }, (_, index) => `${name} ${index}`),
    `${name} logged`,
  ].toSorted();
}
