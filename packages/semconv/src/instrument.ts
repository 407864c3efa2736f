/** An instrument as the registry describes it: what a meter and a view need to make it. */
export interface Instrument {
  readonly name: string;
  readonly kind: "counter" | "updowncounter" | "gauge" | "histogram";
  /** UCUM, as OpenTelemetry uses it: `s`, `By`, `{payment}`. */
  readonly unit: string;
  readonly description: string;
  readonly valueType: "int" | "double";
  /** Every label that it may have, the required and the opt-in ones among them. */
  readonly attributes: readonly string[];
  readonly required: readonly string[];
  /** Labels that are off until someone asks for them. */
  readonly optIn: readonly string[];
  /** Bucket boundaries of a histogram, in its unit. */
  readonly buckets?: readonly number[];
  /** Most label sets that a sound service makes of it; above that is a bug. */
  readonly maxSeries?: number;
  /** Another library records it: it needs a view and no instrument. */
  readonly refines?: boolean;
}

/** How long something may take. Its limit is a bucket boundary of its metric. */
export interface Threshold {
  readonly name: string;
  readonly metric: string;
  readonly limitMs: number;
}
