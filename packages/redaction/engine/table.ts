// Tables of words with a number each, made by scripts/word-table.mts.

export const SEED: u32 = 0x811c_9dc5;

/** The hash of a text with one more byte in front of it. Hashes of all endings of a text cost one pass. */
export function hashed(hash: u32, byte: u8): u32 {
  return (hash ^ byte) * 0x0100_0193;
}

/** The number of a word of which the hash is known; 0 for one that is not in the table. */
export function numberOf(
  slots: usize,
  mask: u32,
  words: usize,
  address: usize,
  size: i32,
  hash: u32,
): u32 {
  let slot = (hash ^ (hash >> 15)) & mask;
  while (true) {
    const place = <usize>load<u16>(slots + (<usize>slot << 1));
    if (place === 0xffff) return 0;
    const word = words + (place << 2);
    if (<i32>load<u8>(word, 4) === size && memory.compare(word + 5, address, size) === 0)
      return load<u32>(word);
    slot = (slot + 1) & mask;
  }
}
