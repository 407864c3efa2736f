import { formatDuration, formatOffset } from "./duration.ts";
import type { StoredSpan } from "./otlp-traces.ts";
import { asText } from "./otlp-values.ts";
import { eventText, factsOf } from "./span-facts.ts";
import { spanTree, type TreeRow } from "./span-tree.ts";
import { clean, fit, widthOf, type Line, type Segment } from "./terminal.ts";

const MAX_SPANS = 100;
const MAX_EVENTS = 6;
const KIND_WIDTH = 8;
const DURATION_WIDTH = 9;
const INDENT = "  ";

/** How the spans of a trace are laid out. */
export interface TraceLayout {
  width: number;
  /** What the offsets of events are counted from. */
  startNs: bigint;
  /** Whether spans name their service, because there are several. */
  hasServices: boolean;
}

/** Lays out the spans of one trace as a tree. */
export function traceLines(
  spans: readonly StoredSpan[],
  { width, startNs, hasServices }: TraceLayout,
): Line[] {
  const nameWidth = Math.max(16, Math.floor(width * 0.45));
  const rows = spanTree(spans, MAX_SPANS);
  const lines = rows.flatMap((row) => [
    ...spanLines(row, factsOf(row, { hasServices }), { width, nameWidth }),
    ...eventLines(row, nameWidth, startNs),
  ]);
  const missing = spans.length - rows.length;
  return missing === 0 ? lines : [...lines, [[INDENT], [`… ${missing} more spans`, "dim"]]];
}

function spanLines(
  row: TreeRow,
  facts: readonly Segment[],
  { width, nameWidth }: { width: number; nameWidth: number },
): Line[] {
  const { span } = row;
  const lead = shorten(row.lead, nameWidth);
  const before: Line = [
    [INDENT],
    [lead, "dim"],
    [fit(span.name, nameWidth - lead.length), span.status === "error" ? "red" : "plain"],
    [` ${span.kind.padEnd(KIND_WIDTH)}`, "dim"],
    [fit(formatDuration(span.endNs - span.startNs), DURATION_WIDTH, { alignRight: true })],
  ];
  const used = INDENT.length + nameWidth + 1 + KIND_WIDTH + DURATION_WIDTH;
  const [beside = [], ...beneath] = pack(facts, width - used - 2, width - 12);
  const under: Line = [[INDENT], [shorten(row.under, nameWidth), "dim"]];
  return [
    beside.length === 0 ? before : [...before, [INDENT], ...beside],
    ...beneath.map((further) => under.concat(further)),
  ];
}

// Puts facts beside the span while they fit, and the others on lines beneath it.
function pack(facts: readonly Segment[], first: number, further: number): Segment[][] {
  const lines: Segment[][] = [[]];
  let left = first;
  for (const fact of facts) {
    const columns = widthOf(clean(fact[0])) + 3;
    if (columns - (lines.at(-1)!.length === 0 ? 3 : 0) > left) {
      lines.push([]);
      left = further;
    }
    const line = lines.at(-1)!;
    if (line.length > 0) line.push([" · ", "dim"]);
    line.push(fact);
    left -= columns;
  }
  return lines;
}

function eventLines({ span, under }: TreeRow, nameWidth: number, startNs: bigint): Line[] {
  const lead: Line = [[INDENT], [shorten(under, nameWidth), "dim"]];
  const said = span.events.map((event) => asText(event.attributes["exception.message"]));
  const isSaid = span.statusMessage === "" || said.includes(span.statusMessage);
  const shown = span.events.slice(0, MAX_EVENTS);
  const missing = span.events.length - shown.length;
  return [
    ...(isSaid ? [] : [lead.concat([[`✗ ${span.statusMessage}`, "red"]])]),
    ...shown.map((event) =>
      lead.concat([eventText(event), [`  ${formatOffset(event.timeNs - startNs)}`, "dim"]]),
    ),
    ...(missing === 0 ? [] : [lead.concat([[`… ${missing} more events`, "dim"]])]),
  ];
}

// A deep trace must leave room for names.
function shorten(lead: string, nameWidth: number): string {
  const most = Math.floor(nameWidth / 2);
  return lead.length <= most ? lead : `…${lead.slice(lead.length - most + 1)}`;
}
