import type { Finding } from "./finding.ts";
import { judge } from "./judge.ts";
import { kindOf, spacedWords } from "./keys.ts";
import { countedAs, markerOf, policyOf } from "./policy.ts";
import { createRedactor, inherits, pathOf } from "./redactor.ts";
import { isMarker } from "./rule.ts";
import { spansOf } from "./text.ts";

/** Something that redaction would change, and the UTF-8 bytes of the text that it is. */
export interface Found extends Finding {
  start: number;
  end: number;
}

/** Whether a JSON value is written with quotes. */
export type Form = "string" | "number";

// Taking a value out can show that the one beside it is one too.
const LOOKS = 4;

/** A finding in UTF-16 units, and what is written over it. */
interface Sighting extends Finding {
  start: number;
  end: number;
  marker: string;
}

/**
 * What redaction would find in the value of this key, in order, none over another.
 *
 * This file is all that knows the engine: `look` is one pass of it.
 */
export function findIn(text: string, key = "", form: Form = "string"): Found[] {
  if (form === "number") {
    const finding = verdictOf(key, /^-?\d{16,}$/.test(text) ? BigInt(text) : Number(text));
    return finding === undefined ? [] : [{ ...finding, start: 0, end: text.length }];
  }
  const found: Found[] = [];
  const places = { of: (at: number) => at };
  let current = text;
  for (let round = 0; round < LOOKS; round++) {
    const sightings = look(current, key);
    if (sightings.length === 0) break;
    const { of } = places;
    for (const { marker: _, start, end, ...finding } of sightings) {
      found.push({ ...finding, start: of(start), end: of(end) });
    }
    const edits = sightings.map(({ start, end, marker }) => ({ start, end, marker }));
    places.of = (at) => of(before(edits, at));
    current = written(current, edits);
  }
  const bytes = byteOffsets(text);
  return merged(found).map((one) => ({ ...one, start: bytes(one.start), end: bytes(one.end) }));
}

function look(text: string, key: string): Sighting[] {
  if (text === "" || isMarker(text)) return [];
  const whole = { start: 0, end: text.length };
  const group = policyOf(key);
  if (group !== undefined && group.action !== "scan" && group.action !== "keep") {
    const marker = markerOf(key, group);
    const action = group.action === "remove" ? "removed" : "masked";
    return [{ ...whole, marker, class: countedAs(group), action, detector: "registry" }];
  }
  const kind = kindOf(key);
  if (kind === "trace" && /^[\da-f-]{1,55}$/i.test(text)) return [];
  const verdict = kind === undefined || kind === "trace" ? undefined : judge(kind, text, "quoted");
  if (verdict !== undefined) {
    const action = verdict.masked === true ? "masked" : "removed";
    return [{ ...verdict, ...whole, action }];
  }
  return spansOf(text, spacedWords(key)).map((span) => ({
    ...span,
    action: span.masked === true ? "masked" : "removed",
  }));
}

/** Whether redaction would change a list of numbers, as one finding; for digits that are a number together. */
export function findInList(items: readonly number[], key: string): Finding | undefined {
  return verdictOf(key, items);
}

/** The key under which the member `name` of a value of `key` is looked at. */
export function memberKey(key: string, name: string): string {
  const path = pathOf(key, name);
  return inherits(key, path, name) ? key : path;
}

function verdictOf(key: string, value: unknown): Finding | undefined {
  const findings: Finding[] = [];
  const redactor = createRedactor({ onFinding: (finding) => findings.push(finding) });
  return redactor.value(key, value) === value ? undefined : findings[0];
}

interface Edit {
  start: number;
  end: number;
  marker: string;
}

function written(text: string, edits: readonly Edit[]): string {
  let out = "";
  let at = 0;
  for (const { start, end, marker } of edits) {
    out += text.slice(at, start) + marker;
    at = end;
  }
  return out + text.slice(at);
}

// Where an offset in what was written stood before that.
function before(edits: readonly Edit[], at: number): number {
  let shift = 0;
  for (const { start, end, marker } of edits) {
    const from = start + shift;
    if (at <= from) break;
    if (at < from + marker.length) return end;
    shift += marker.length - (end - start);
  }
  return at - shift;
}

// What a later look found may reach over what an earlier one did: then they are one.
function merged(found: readonly Found[]): Found[] {
  const kept: Found[] = [];
  for (const one of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1);
    if (last === undefined || one.start >= last.end) kept.push({ ...one });
    else last.end = Math.max(last.end, one.end);
  }
  return kept.filter(({ start, end }) => end > start);
}

function byteOffsets(text: string): (at: number) => number {
  let from = 0;
  let bytes = 0;
  return (at) => {
    if (at < from) return Buffer.byteLength(text.slice(0, at));
    bytes += Buffer.byteLength(text.slice(from, at));
    from = at;
    return bytes;
  };
}
