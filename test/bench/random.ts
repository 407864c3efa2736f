/** A source of chance that gives the same for the same seed (Mulberry32). */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  pick<Item>(items: readonly Item[]): Item;
  hex(length: number): string;
  digits(length: number): string;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
  const made = (length: number, alphabet: string): string => {
    let text = "";
    while (text.length < length) text += alphabet.charAt(below(alphabet.length));
    return text;
  };
  return {
    below,
    pick: (items) => items[below(items.length)]!,
    hex: (length) => made(length, "0123456789abcdef"),
    digits: (length) => made(length, "0123456789"),
  };
}
