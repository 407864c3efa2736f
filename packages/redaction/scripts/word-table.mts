const SEED = 0x811c_9dc5;
const PRIME = 0x0100_0193;

// The hash of engine/table.ts, from the last byte to the first.
function hashOf(word: Uint8Array): number {
  let hash = SEED;
  for (let at = word.length - 1; at >= 0; at--)
    hash = Math.imul(hash ^ (word[at] ?? 0), PRIME) >>> 0;
  return (hash ^ (hash >>> 15)) >>> 0;
}

/** A table of words with a number each, as constants `<name>_MASK`, `<name>_SLOTS` and `<name>_WORDS`. */
export function wordTable(name: string, numbers: ReadonlyMap<string, number>): string {
  let size = 64;
  while (size < numbers.size * 2.5) size *= 2;
  const slots = Array.from({ length: size }, () => 0xff_ff);
  const words: number[] = [];
  for (const [word, number] of numbers) {
    // A letter that is not ASCII is 0x80 in a view.
    const bytes = Uint8Array.from(word, (char) => (char < "\u0080" ? char.charCodeAt(0) : 0x80));
    let slot = hashOf(bytes) & (size - 1);
    while (slots[slot] !== 0xff_ff) slot = (slot + 1) & (size - 1);
    slots[slot] = words.length / 4;
    words.push(...[0, 8, 16, 24].map((shift) => (number >>> shift) & 255), bytes.length, ...bytes);
    while (words.length % 4 !== 0) words.push(0);
  }
  if (words.length / 4 >= 0xff_ff) throw new Error(`${name} has too many words`);
  return `/** Number of slots, less one. */
export const ${name}_MASK: u32 = ${size - 1};
/** Of each slot, u16: the place of its word in fours, 65535 for none. */
export const ${name}_SLOTS: usize = memory.data<u16>([${slots.join(",")}]);
/** Of each word: u32 number, u8 length, bytes, up to a multiple of four. */
export const ${name}_WORDS: usize = memory.data<u8>([${words.join(",")}]);
`;
}
