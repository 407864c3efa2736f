/** Path and query of a request, with what upstream takes out of a query. */
export interface RequestTarget {
  path: string;
  /** Without "?"; empty when there is none. */
  query: string;
}

// Upstream replaces the values of these signatures.
const SIGNED =
  "sig Signature AWSAccessKeyId X-Goog-Signature X-Amz-Signature X-Amz-Credential X-Amz-Security-Token".split(
    " ",
  );
const REDACTED = "REDACTED";

// What `new URL` and `URLSearchParams` write as it is; most targets are so, and are cut instead of parsed.
const PLAIN_PATH = /^\/(?!\/)[\w\-.~!$&()*+,;=:@/]*$/;
const PLAIN_QUERY = /^[\w*.+-]+=[\w*.+-]*(?:&[\w*.+-]+=[\w*.+-]*)*$/;
const HAS_SIGNED = new RegExp(`(?:^|&)(?:${SIGNED.join("|")})=`);

/** Splits the target of a request line as the URL standard has it; `undefined` for what is no target. */
export function splitTarget(target: string): RequestTarget | undefined {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  if (PLAIN_PATH.test(path) && !path.includes("/.")) {
    return { path, query: mark === -1 ? "" : cleanQuery(target.slice(mark + 1)) };
  }
  try {
    const url = new URL(target, "http://localhost");
    return { path: url.pathname, query: cleanQuery(url.search.slice(1)) };
  } catch {
    return undefined; // as sent, for instance "//"; there is no path to tell
  }
}

function cleanQuery(query: string): string {
  const hash = query.indexOf("#");
  const text = hash === -1 ? query : query.slice(0, hash);
  if (text === "" || (PLAIN_QUERY.test(text) && !HAS_SIGNED.test(text))) return text;
  const parameters = new URLSearchParams(text);
  for (const name of SIGNED) if (parameters.has(name)) parameters.set(name, REDACTED);
  return parameters.toString();
}
