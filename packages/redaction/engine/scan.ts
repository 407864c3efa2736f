// Runs the detectors over one view.

/** The worst class (0 to 5) of what is in a text that was decoded from the current one. Depth is limited to two. */
export function scanDecoded(address: usize, size: i32): u8 {
  return 0;
}
