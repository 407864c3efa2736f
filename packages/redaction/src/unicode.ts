// Code points of the digit zero in every script whose digits NFKC leaves as they are (Unicode 17,
// \p{Nd}); the nine code points after each are its other digits.
const ZEROS = new Set(
  (
    "660 6f0 7c0 966 9e6 a66 ae6 b66 be6 c66 ce6 d66 de6 e50 ed0 f20 1040 1090 17e0 1810 1946 19d0 " +
    "1a80 1a90 1b50 1bb0 1c40 1c50 a620 a8d0 a900 a9d0 a9f0 aa50 abf0 104a0 10d30 10d40 11066 110f0 " +
    "11136 111d0 112f0 11450 114d0 11650 116c0 116d0 116da 11730 118e0 11950 11bf0 11c50 11d50 11da0 " +
    "11de0 11f50 16130 16a60 16ac0 16b50 16d70 1e140 1e2f0 1e4f0 1e5f1 1e950"
  )
    .split(" ")
    .map((hex) => Number.parseInt(hex, 16)),
);

// Soft hyphen, joiners, direction marks, variation selectors, keycaps, combining marks, tags: they
// are drawn as nothing, or on top of the digit before.
const INVISIBLE = /^[\0\p{Default_Ignorable_Code_Point}\p{Mn}\p{Me}]$/u;

const cache = new Map<number, number>();
const CACHE_LIMIT = 4096;

/**
 * The ASCII character that a code point stands for, so that a detector sees one spelling only.
 *
 * Digits of every script, full-width and styled letters, exotic spaces, dashes and quotes become
 * ASCII. Returns -1 for what is not drawn, and the code point itself when it stands for nothing else.
 */
export function foldCodePoint(codePoint: number): number {
  const known = cache.get(codePoint);
  if (known !== undefined) return known;
  const folded = fold(codePoint);
  if (cache.size < CACHE_LIMIT) cache.set(codePoint, folded);
  return folded;
}

function fold(codePoint: number): number {
  if (codePoint >= 0xd8_00 && codePoint <= 0xdf_ff) return codePoint;
  const char = String.fromCodePoint(codePoint);
  if (INVISIBLE.test(char)) return -1;
  if (/[\u0085\u2028\u2029]/.test(char)) return 10;
  if (/[\p{Zs}\u2800\u3164]/u.test(char)) return 32;
  if (/[\p{Pd}\u2212\u2043\u02d7]/u.test(char)) return 45;
  if (/[\u00b7\u2022\u2219\u22c5\u30fb]/.test(char)) return 46;
  if (/[\u2044\u2215]/.test(char)) return 47;
  if (/[\u201c-\u201f\u00ab\u00bb]/.test(char)) return 34;
  if (/[\u2018-\u201b]/.test(char)) return 39;
  if (/\p{Nd}/u.test(char)) {
    for (let value = 0; value < 10; value++) if (ZEROS.has(codePoint - value)) return 48 + value;
  }
  const compatible = char.normalize("NFKC");
  if (compatible.length === 1 && compatible.charCodeAt(0) < 0x80) return compatible.charCodeAt(0);
  return codePoint;
}
