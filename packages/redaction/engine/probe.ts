// Entry for the tests of the parts; the module that is shipped begins at index.ts.

import { reserve } from "./arena";
import * as match from "./match";

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
