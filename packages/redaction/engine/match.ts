// The pattern matcher: the programs in generated/patterns.ts, made from the regular expressions in rules/.

/** Finds the first match at or after `from`. Start and end of its groups are read before the next search. */
export function search(pattern: i32, base: usize, size: i32, from: i32): bool {
  return false;
}

/** Whether the pattern matches exactly at `at`. */
export function matchAt(pattern: i32, base: usize, size: i32, at: i32): bool {
  return false;
}

/** Where a group of the last match begins; -1 when it took no part. Group 0 is the whole. */
export function start(group: i32): i32 {
  return -1;
}

/** Where a group of the last match ends. */
export function end(group: i32): i32 {
  return -1;
}
