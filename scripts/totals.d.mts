/** What one runner counted, and a sentence for every failure that is not a test of its own. */
export interface Totals {
  passed: number;
  failed: number;
  sentences: string[];
}

/** Reads the JSON report that a vitest run leaves at `path`. */
export function readReport(path: string, options?: { allowSkipped?: boolean }): Totals;

/** Adds up the reports of one run, by the name of each; `how` says how the run ended, "" when well. */
export function addUp(reports: Record<string, Totals>, how: string): Totals;
