import { constantName } from "./names.mts";
import type { Registry } from "./registry.mts";
import { HEAD } from "./write-constants.mts";

/** `instruments.ts`: every instrument as data, one constant each so that a bundler can leave the others out. */
export function instruments({ metrics, thresholds }: Registry): string {
  const all = metrics.map(
    ({ name, refines, instrument, unit, brief, valueType, references, buckets, maxSeries }) => {
      const value = {
        name,
        kind: instrument,
        unit,
        description: brief,
        valueType,
        attributes: references.map(({ key }) => key),
        required: references.filter(({ level }) => level === "required").map(({ key }) => key),
        optIn: references.filter(({ level }) => level === "opt_in").map(({ key }) => key),
        ...(buckets !== undefined && { buckets }),
        ...(maxSeries !== undefined && { maxSeries }),
        ...(refines !== undefined && { refines: true }),
      };
      return { constant: `INSTRUMENT_${constantName(name)}`, name, value };
    },
  );
  return [
    HEAD,
    `import type { Instrument, Threshold } from "../instrument.ts";\n`,
    ...all.map(
      ({ constant, name, value }) =>
        `/** The instrument ${name}. */\nexport const ${constant} = ${JSON.stringify(value)} as const;\n`,
    ),
    "/** Every instrument. */",
    `export const INSTRUMENTS: readonly Instrument[] = [${all.map(({ constant }) => constant).join(", ")}];\n`,
    "/** How long things may take: each limit is a bucket boundary of its metric. */",
    `export const THRESHOLDS: readonly Threshold[] = ${JSON.stringify(
      thresholds.map(({ name, metric, limit_ms: limitMs }) => ({ name, metric, limitMs })),
    )};\n`,
  ].join("\n");
}
