import type { Registry } from "./registry.mts";
import { HEAD } from "./write-constants.mts";

const BARE = /^(?:public|internal)$/;

/** `labels.ts`: the attributes that are never a label of a metric, whoever records it. */
export function labels({ attributes, imports, upstream, noLabels }: Registry): string {
  const ours = [...attributes, ...imports]
    .filter(
      ({ cardinality, class: dataClass }) => cardinality === "unbounded" || !BARE.test(dataClass),
    )
    .map(({ key }) => key);
  const theirs = upstream.filter(
    ({ class: dataClass, unbounded = false }) => unbounded || !BARE.test(dataClass),
  );
  const families = theirs.filter(({ prefix = false }) => prefix).map(({ key }) => key);
  const keys = [...ours, ...theirs.filter(({ prefix = false }) => !prefix).map(({ key }) => key)];
  return `${HEAD}
/** Attributes that are unbounded, or of a class that no label may have. */
export const NEVER_LABELS: readonly string[] = ${list(keys)};

/** The same for all that begin with one of these and a dot. */
export const NEVER_LABEL_FAMILIES: readonly string[] = ${list(families)};

/** Names of an application's own labels, in small letters with dots. */
export const NEVER_LABEL_NAMES: readonly string[] = ${list(noLabels)};
`;
}

function list(keys: readonly string[]): string {
  return JSON.stringify([...new Set(keys)].toSorted());
}
