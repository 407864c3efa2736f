import { type FinanceAttributes, THRESHOLDS } from "@assay/semconv";

/** What kind of operation it is, as the registry has it. */
export type OperationCategory = NonNullable<FinanceAttributes["finance.operation.category"]>;

// With a category of the registry that is missing here it does not compile.
const ALL: Record<OperationCategory, true> = {
  authentication: true,
  transaction_processing: true,
  payment_processing: true,
  budget_calculation: true,
  financial_analysis: true,
  other: true,
};

/** Every category of operations. */
export const CATEGORIES: readonly OperationCategory[] = Object.keys(ALL) as OperationCategory[];

/** A time that an operation should not pass. Its name is bounded and a label of the count of breaches. */
export interface Limit {
  name: string;
  limitMs: number;
}

/** Limits of the application, which come before the registry's: by operation, by category, and for all others. */
export interface ThresholdOptions {
  /** Milliseconds by operation: `{ collect: 1_500 }`. */
  operations?: Readonly<Record<string, number>>;
  /** Milliseconds by category. */
  categories?: Readonly<Partial<Record<OperationCategory, number>>>;
  /** Milliseconds for every other operation. */
  fallback?: number;
}

// The registry's thresholds carry short names of the same categories.
const BY_CATEGORY: Readonly<Partial<Record<OperationCategory, string>>> = {
  transaction_processing: "operation.transaction",
  payment_processing: "operation.payment",
  budget_calculation: "operation.budget",
  financial_analysis: "operation.analysis",
};
const FALLBACK = "ceiling.calculation";

/**
 * Gives the limit of an operation: its own, else that of its category, else the one for all.
 *
 * Bucket boundaries of the histogram sit on the registry's limits, so that the share within one is counted exactly; a
 * limit of the application between two boundaries is interpolated by a query, and its breaches are counted all the same.
 */
export function limitOf(
  { operations = {}, categories = {}, fallback }: ThresholdOptions,
  operation: string,
  category: OperationCategory,
): Limit {
  if (Object.hasOwn(operations, operation)) {
    return { name: `operation.${operation}`, limitMs: operations[operation]! };
  }
  const name = BY_CATEGORY[category] ?? FALLBACK;
  const own = categories[category];
  const isFallback = name === FALLBACK;
  return { name, limitMs: own ?? (isFallback ? fallback : undefined) ?? registered(name) };
}

function registered(name: string): number {
  return THRESHOLDS.find((threshold) => threshold.name === name)!.limitMs;
}
