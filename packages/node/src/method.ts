// Any other would be an unbounded label.
const KNOWN = new Set("GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH QUERY".split(" "));

/** The method as a label: "_OTHER" for one that the conventions do not know. */
export function knownMethod(method: string): string {
  if (KNOWN.has(method)) return method;
  const upper = method.toUpperCase();
  return KNOWN.has(upper) ? upper : "_OTHER";
}
