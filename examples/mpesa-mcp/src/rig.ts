import { join } from "node:path";
import { startChild, type Child } from "./child.ts";

export interface Rig extends AsyncDisposable {
  serviceUrl: string;
  darajaUrl: string;
  /** As the service has it. */
  databaseUrl: string;
  /** Resolves with one sentence when one of the processes ends. */
  ended: Promise<string>;
}

/** Somebody waits at the terminal: telemetry is sent at once, and a lost callback found in seconds. */
const EAGER = {
  RECONCILE_EVERY_MS: "5000",
  RECONCILE_AFTER_MS: "5000",
  DARAJA_TIMEOUT_MS: "2000",
  OTEL_BSP_SCHEDULE_DELAY: "200",
  OTEL_BLRP_SCHEDULE_DELAY: "200",
  OTEL_METRIC_EXPORT_INTERVAL: "1000",
};

/** Starts PostgreSQL, the fake Daraja and the service under Assay's preload, each as a process. */
export async function startRig(telemetry: Record<string, string>): Promise<Rig> {
  await using cleanUp = new AsyncDisposableStack();
  const started = await Promise.allSettled([
    startChild({ name: "postgres", args: [file("postgres.ts")], endsWithInput: true }),
    startChild({ name: "daraja", args: [file("daraja-server.ts")] }),
  ]);
  for (const each of started) if (each.status === "fulfilled") cleanUp.use(each.value);
  const [postgres, daraja] = started.map(valueOf) as [Child, Child];
  const service = cleanUp.use(
    await startChild({
      name: "service",
      args: ["--require", "@assay/node/register", file("service.ts")],
      env: {
        ...EAGER,
        ...telemetry,
        OTEL_SERVICE_NAME: "mpesa-mcp",
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        DATABASE_URL: postgres.url,
        DARAJA_URL: daraja.url,
        // It plays a company that is not ours: no trace context goes there, though it is on loopback as all else is.
        ASSAY_PROPAGATE_TO: `!${new URL(daraja.url).host}`,
      },
    }),
  );
  const owned = cleanUp.move();
  return {
    serviceUrl: service.url,
    darajaUrl: daraja.url,
    databaseUrl: postgres.url,
    ended: Promise.race([postgres.ended, daraja.ended, service.ended]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function file(name: string): string {
  return join(import.meta.dirname, name);
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
