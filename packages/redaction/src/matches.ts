/**
 * Every match of a global pattern, as `text.matchAll(pattern)` gives them.
 *
 * matchAll copies the pattern at each call, which costs more than looking through a short text. All matches are
 * collected before any is looked at, so that a rule that calls itself does not find the pattern half used.
 */
export function matchesOf(text: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    found.push(match);
    if (match[0] === "") pattern.lastIndex += 1;
  }
  return found;
}
