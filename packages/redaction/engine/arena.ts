// Memory is taken once and kept: the engine allocates nothing while it scans.

/** The address of `bytes` zero bytes, aligned to 64, that nothing else uses. */
export function reserve(bytes: usize): usize {
  return (heap.alloc(bytes + 63) + 63) & ~63;
}

/** Moves `used` bytes at `address` to a place of at least `bytes`; the old place stays taken. */
export function regrow(address: usize, used: usize, bytes: usize): usize {
  const larger = reserve(bytes);
  memory.copy(larger, address, used);
  return larger;
}
