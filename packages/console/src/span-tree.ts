import type { StoredSpan } from "./otlp-traces.ts";

/** A span's place in the tree of its trace, with the lines that lead to it. */
export interface TreeRow {
  span: StoredSpan;
  parent?: StoredSpan;
  /** What stands before the name: `│  └─ `. */
  lead: string;
  /** What stands before further lines of the same span: `│     `. */
  under: string;
}

/**
 * Walks the spans of one trace from parents to children, each by start.
 *
 * A span whose parent is not there is a root, and so is one of a circle of parents. Stops after
 * `maxRows`; the spans that are not in the rows are left to the caller to count.
 */
export function spanTree(spans: readonly StoredSpan[], maxRows: number): TreeRow[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const children = new Map<string, StoredSpan[]>();
  const roots: StoredSpan[] = [];
  for (const span of spans) {
    const { parentSpanId } = span;
    if (parentSpanId === undefined || !byId.has(parentSpanId)) {
      roots.push(span);
      continue;
    }
    const siblings = children.get(parentSpanId) ?? [];
    children.set(parentSpanId, siblings);
    siblings.push(span);
  }

  const rows: TreeRow[] = [];
  const seen = new Set<StoredSpan>();
  // Depth is no more than maxRows, for every level adds a row.
  const walk = (span: StoredSpan, lead: string, indent: string, parent?: StoredSpan): void => {
    if (seen.has(span) || rows.length >= maxRows) return;
    seen.add(span);
    const below = children.get(span.spanId) ?? [];
    const under = indent + (below.length > 0 ? "│  " : "   ");
    rows.push({ span, ...(parent && { parent }), lead, under });
    for (const [index, child] of below.entries()) {
      const isLast = index === below.length - 1;
      walk(child, `${indent}${isLast ? "└─ " : "├─ "}`, `${indent}${isLast ? "   " : "│  "}`, span);
    }
  };
  for (const root of [...roots, ...spans]) walk(root, "", "");
  return rows;
}
