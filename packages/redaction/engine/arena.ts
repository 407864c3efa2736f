// Memory is taken once and kept: the engine allocates nothing while it scans.

let top: usize = 0;

/** The address of `bytes` zero bytes, aligned to 16, that nothing else uses. */
export function reserve(bytes: usize): usize {
  if (top === 0) top = (__heap_base + 63) & ~63;
  const start = top;
  top = (start + bytes + 63) & ~63;
  const have = (<usize>memory.size()) << 16;
  if (top > have) {
    const pages = <i32>((top - have + 0xffff) >> 16);
    if (memory.grow(pages) < 0) unreachable();
  }
  return start;
}

/** Moves `used` bytes at `address` to a place of at least `bytes`; the old place stays taken. */
export function regrow(address: usize, used: usize, bytes: usize): usize {
  const larger = reserve(bytes);
  memory.copy(larger, address, used);
  return larger;
}
