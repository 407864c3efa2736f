/**
 * Whether a value looks made by a machine: a word or a phrase is not, `abc123`, a digest or a long
 * mixed string is.
 */
export function isOpaque(value: string, least: number): boolean {
  if (value.length < least || /\s/.test(value)) return false;
  if (/\d/.test(value) && /[A-Za-z]/.test(value)) return true;
  if (/^\d+$/.test(value)) return value.length >= Math.max(least, 6);
  if (value.length >= 16 && /[a-z]/.test(value) && /[A-Z]/.test(value) && !isCamel(value))
    return true;
  return value.length >= 24 && !/[-_.\s]/.test(value);
}

function isCamel(value: string): boolean {
  return /^[A-Za-z]?[a-z]{2,}(?:[A-Z]{1,3}[a-z]{2,}){0,6}$/.test(value);
}
