// Matches of a pattern that begins with a number, looked for only at the clusters of digits of the current view.

import { end, searchWithin } from "./match";
import { clusterCount, clusterDigitsAt, clusterEndAt, clusterStartAt } from "./clusters";
import * as view from "./view";

let least: i32 = 0;
let lead: i32 = 0;
let cluster: i32 = 0;
let from: i32 = 0;

/** Begins with the first cluster. `digits`: in the least of them; `before`: how much may stand before its first digit. */
export function rewind(digits: i32, before: i32): void {
  least = digits;
  lead = before;
  cluster = 0;
  from = 0;
}

/** Finds the next match. */
export function seek(pattern: i32): bool {
  for (; cluster < clusterCount; cluster++) {
    if (clusterDigitsAt(cluster) < least) continue;
    const begin = max(from, clusterStartAt(cluster) - lead);
    if (!searchWithin(pattern, view.text, view.length, begin, clusterEndAt(cluster))) continue;
    from = end(0);
    return true;
  }
  return false;
}

/** Goes on from another place than the end of the last match. */
export function seekFrom(at: i32): void {
  from = at;
}
