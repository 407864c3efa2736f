import { createRecent } from "./memo.ts";
import { matchesOf } from "./matches.ts";
import { email } from "./email.ts";
import { encoded } from "./encoded.ts";
import type { DataClass, Finding } from "./finding.ts";
import { iban } from "./iban.ts";
import { identity } from "./identity.ts";
import { pairs } from "./pairs.ts";
import { pan } from "./pan.ts";
import { phone } from "./phone.ts";
import { prose } from "./prose.ts";
import { featuresOf, type Rule, type Span } from "./rule.ts";
import { type StandIn, standIn } from "./stand-in.ts";
import { track, trailingCode } from "./sad.ts";
import { insert } from "./sql.ts";
import { tokens } from "./tokens.ts";
import { rawEnd, rawStart, type View, viewOf } from "./view.ts";

/** Every rule, in the order in which they run. */
export const RULES: readonly Rule[] = [
  track,
  trailingCode,
  pairs,
  prose,
  insert,
  ...tokens,
  pan,
  iban,
  email,
  phone,
  identity,
  encoded,
];

/** What is scanned of one text; the rest of a longer one is removed, never passed unscanned. */
export const SCANNED = 65_536;
// Kept free between what is let through and what is scanned, so that a secret across the border is seen.
const MARGIN = 1024;
const REST = "[removed]";
const DEEPEST = 2;
// What is written is looked at again: taking a value out can show that the one beside it is one too.
const LOOKS = 4;
const SEVERITY: Readonly<Record<DataClass, number>> = {
  confidential: 0,
  pii: 1,
  pci_chd: 2,
  credential: 3,
  pci_sad: 4,
};

const REMEMBERED = 256;
const clean = createRecent(8192);

/**
 * The text without what must not leave; the same string when there is nothing to redact.
 *
 * `under` are the lower-case words of the key it stands under.
 */
export function redactText(
  text: string,
  under: string,
  found: (finding: Finding) => void,
  stands?: StandIn,
): string {
  // Telemetry says the same few thousand things again and again: routes, statements, names, states.
  const remembered = text.length <= REMEMBERED ? `${under}\n${text}` : undefined;
  if (remembered !== undefined && clean.has(remembered)) return text;
  let current = text;
  for (let look = 0; look < LOOKS; look++) {
    const next = redactOnce(current, under, found, stands);
    if (next === current) break;
    current = next;
  }
  if (remembered !== undefined && current === text) clean.add(remembered);
  return current;
}

/** What one look finds, in offsets of the text itself. */
export function spansOf(text: string, under: string): Span[] {
  const view = viewOf(text);
  return merge(scan(view, under, 0)).map((span) => ({
    ...span,
    start: rawStart(view, span.start),
    end: rawEnd(view, span.end),
  }));
}

function redactOnce(
  text: string,
  under: string,
  found: (finding: Finding) => void,
  stands: StandIn | undefined,
): string {
  if (text.length < 3) return text;
  const scanned = text.length > SCANNED ? text.slice(0, SCANNED) : text;
  const view = viewOf(scanned);
  const spans = merge(scan(view, under, 0));
  let cut = text.length > SCANNED ? SCANNED - MARGIN : text.length;
  for (const span of spans) {
    if (rawStart(view, span.start) < cut && rawEnd(view, span.end) > cut)
      cut = rawStart(view, span.start);
  }
  const kept = spans.filter((span) => rawStart(view, span.start) < cut);
  if (kept.length === 0 && cut === text.length) return text;
  let out = "";
  let at = 0;
  for (const span of kept) {
    const start = rawStart(view, span.start);
    const { marker, action } = standIn(span, view.text.slice(span.start, span.end), stands);
    out += scanned.slice(at, start) + written(view, { ...span, marker });
    at = rawEnd(view, span.end);
    found({ class: span.class, action, detector: span.detector });
  }
  out += scanned.slice(at, cut);
  // Markers are longer than some of what they replace; the second look must find the same end.
  const over = out.length > SCANNED;
  if (cut < text.length || over) {
    found({ class: "credential", action: "removed", detector: "budget" });
    return (over ? out.slice(0, SCANNED - MARGIN) : out) + REST;
  }
  return out;
}

function scan(view: View, under: string, depth: number): Span[] {
  const features = featuresOf(view.text);
  if (features === 0) return [];
  const decoded = (text: string): DataClass | undefined => {
    if (depth >= DEEPEST) return undefined;
    let worst: DataClass | undefined;
    for (const { class: found } of scan(viewOf(text), under, depth + 1)) {
      if (worst === undefined || SEVERITY[found] > SEVERITY[worst]) worst = found;
    }
    return worst;
  };
  const spans: Span[] = [];
  for (const rule of RULES) {
    if ((rule.needs & features) !== 0) {
      for (const span of rule.find({ view, under, decoded }))
        if (span.end > span.start) spans.push(span);
    }
  }
  const ids = spans.length === 0 ? [] : traceIds(view.text);
  return ids.length === 0
    ? spans
    : spans.filter(({ start, end }) => !ids.some((id) => start >= id.start && end <= id.end));
}

// An all-digit span id can pass for a card; beside its name it is what it says.
function traceIds(text: string): Array<{ start: number; end: number }> {
  const named =
    /(?<![a-z])(?:trace|span|parent(?:[_.-]?span)?)[_.-]?id["'\\]{0,4}\s{0,3}[:=]\s{0,3}["'\\]{0,4}([0-9a-f]{32}|[0-9a-f]{16}|\d{1,20})(?![0-9a-z])/gi;
  return matchesOf(text, named).map(({ index, 0: whole, 1: id = "" }) => {
    const end = index + whole.length;
    return { start: end - id.length, end };
  });
}

// Overlapping findings become one, written as the worst of them.
function merge(spans: Span[]): Span[] {
  if (spans.length < 2) return spans;
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) {
      merged.push({ ...span });
      continue;
    }
    const same = span.start === last.start && span.end === last.end;
    const covers = last.end >= span.end;
    // A mask shows digits of the number alone, so it stands only where it covers all that was found.
    const worse = SEVERITY[span.class] > SEVERITY[last.class];
    const winner = worse && !(covers && !same && last.masked !== true) ? span : last;
    const end = Math.max(last.end, span.end);
    const whole = winner.start === last.start && winner.end === end;
    const { masked: _, ...plain } = winner;
    merged[merged.length - 1] = whole
      ? { ...winner }
      : {
          ...plain,
          marker: winner.masked === true ? "[card]" : winner.marker,
          start: last.start,
          end,
        };
  }
  return merged;
}

// A JSON number becomes a JSON string, quoted as its key is.
function written({ raw, text, ...maps }: View, span: Span): string {
  const view = { raw, text, ...maps };
  if (!/\d/.test(text.charAt(span.start))) return span.marker;
  let at = span.start - 1;
  while (at >= 0 && span.start - at < 8 && /\s/.test(text.charAt(at))) at--;
  if (
    text.charAt(at) === ":" &&
    text.charAt(at - 1) === '"' &&
    /^\s*[,}\]]/.test(text.slice(span.end, span.end + 8))
  ) {
    const quote = raw.slice(rawStart(view, at - 1), rawEnd(view, at));
    return `${quote}${span.marker}${quote}`;
  }
  return span.marker;
}
