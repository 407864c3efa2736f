// Entry for the tests of the parts; the module that is shipped begins at index.ts.

import { reserve } from "./arena";
import * as judges from "./judge";
import * as keys from "./keys";
import * as match from "./match";
import * as views from "./view";

const area: usize = reserve(1 << 20);

export function input(): usize {
  return area;
}

export function search(pattern: i32, size: i32, from: i32): bool {
  match.refuel(size);
  return match.search(pattern, area, size, from);
}

export function matchAt(pattern: i32, size: i32, at: i32): bool {
  match.refuel(size);
  return match.matchAt(pattern, area, size, at);
}

export function start(group: i32): i32 {
  return match.start(group);
}

export function end(group: i32): i32 {
  return match.end(group);
}

export function view(size: i32): i32 {
  while (views.depth >= 0) views.popView();
  views.pushView(area, size);
  return views.length;
}

export function viewText(): usize {
  return views.text;
}

export function rawStart(index: i32): i32 {
  return views.rawStart(index);
}

export function rawEnd(index: i32): i32 {
  return views.rawEnd(index);
}

export function quoteLevel(index: i32): i32 {
  return views.quoteLevel(index);
}

export function percentDepth(index: i32): i32 {
  return views.percentDepth(index);
}

export function before(index: i32, most: i32): i32 {
  views.before(index, most);
  return views.beforeLength;
}

export function beforeText(): usize {
  return views.beforeText;
}

export function kindOf(size: i32): i32 {
  return keys.kindOf(area, size);
}

export function spaced(size: i32): i32 {
  keys.split(area, size);
  return keys.spacedLength;
}

export function spacedText(): usize {
  return keys.spaced;
}

export function judge(kind: i32, size: i32, form: i32): u32 {
  match.refuel(size);
  return judges.judge(kind, area, size, form);
}
