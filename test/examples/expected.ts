import { createFailureCatalogue } from "@assay/finance";
import { type Scenario, scenarios } from "../../examples/mpesa-mcp/src/scenarios.ts";

const catalogue = createFailureCatalogue();

/** The code by which a scenario fails; undefined of one that completes. */
export function failureCodeOf({ status, refusal, result }: Scenario): string | undefined {
  return status === "completed" ? undefined : (refusal?.errorCode ?? String(result.code));
}

/** Whose failure a scenario is, as the catalogue has it; `-` of one that completes. */
export function domainOf(scenario: Scenario): string {
  const code = failureCodeOf(scenario);
  return code === undefined ? "-" : catalogue.find("safaricom", "stk_push", code).domain;
}

/** How many payments of one journey end how, and whose failure it is, sorted. */
export function expectedOutcomes(): [label: string, count: number][] {
  return countBy(scenarios, (scenario) => `${scenario.status} ${domainOf(scenario)}`);
}

/** How many payments of one journey end like this. */
export function expectedOutcome(label: string): number {
  return Object.fromEntries(expectedOutcomes())[label] ?? 0;
}

/** How many callbacks of one journey are the first of their payment, and how many come again. */
export function expectedCallbacks(): { result: number; duplicate: number } {
  const sent = scenarios.map(({ callbacks }) => callbacks).filter((count) => count > 0);
  return {
    result: sent.length,
    duplicate: sent.reduce((sum, count) => sum + count - 1, 0),
  };
}

export function countBy<T>(
  list: readonly T[],
  labelOf: (each: T) => string,
): [label: string, count: number][] {
  const groups = new Map<string, number>();
  for (const each of list) {
    const label = labelOf(each);
    groups.set(label, (groups.get(label) ?? 0) + 1);
  }
  return [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
