import { METRIC_FINANCE_TENANT_ISOLATION_VIOLATIONS } from "@assay/semconv";
import type { TelemetryStore } from "@assay/console";
import type { Leak, ReceivedRequest } from "./daraja.ts";

/** What went where it must not go: to Daraja, of our traces, and from tenant to tenant. */
export async function boundaryLines(darajaUrl: string, store: TelemetryStore): Promise<string> {
  const leaks = await listOf<Leak>(`${darajaUrl}/_leaks`);
  const received = await listOf<ReceivedRequest>(`${darajaUrl}/_received`);
  const refused = isolationViolations(store);
  return [
    `  Daraja got ${received.length} requests, ${leaks.length} of them with trace context or baggage.`,
    ...leaks.map(({ method, path, headers }) => `    ${method} ${path}: ${headers.join(", ")}`),
    `  A tenant asked ${refused} time(s) for a payment of another one, and was refused.`,
  ].join("\n");
}

/** How often a tenant asked for what is another one's, as the console has it. */
export function isolationViolations(store: TelemetryStore): number {
  return store
    .metrics()
    .filter(({ name }) => name === METRIC_FINANCE_TENANT_ISOLATION_VIOLATIONS)
    .reduce((sum, { value = 0 }) => sum + Number(value), 0);
}

async function listOf<T>(url: string): Promise<T[]> {
  return (await (await fetch(url)).json()) as T[];
}
