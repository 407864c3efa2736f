/** Where a DSN says that envelopes go. */
export interface Dsn {
  /** The DSN as @sentry/core reads it. */
  text: string;
  /** The envelope endpoint, without the key. */
  url: string;
  /** Headers of every envelope, the key among them. */
  headers: Record<string, string>;
}

/** Name and version that Sentry shows for what sends. */
export const SDK: Readonly<{ name: string; version: string }> = {
  name: "assay.sentry",
  version: "0.1.0",
};

/**
 * Reads a Sentry DSN, `https://PUBLIC_KEY@HOST/PROJECT_ID`.
 *
 * Throws an Error of one sentence that names `variable` when it is none; the key is not repeated in it. Held to what
 * @sentry/core accepts: that prints another DSN whole, with its key, and then sends nothing.
 */
export function parseDsn(text: string, variable = "SENTRY_DSN"): Dsn {
  const parsed = URL.parse(text.trim());
  const path = /^(.*)\/(\d+)$/.exec(parsed?.pathname ?? "");
  if (
    parsed === null ||
    !/^https?:$/.test(parsed.protocol) ||
    !/^\w+$/.test(parsed.username) ||
    !/^\w*$/.test(parsed.password) ||
    path === null
  ) {
    throw new Error(
      `${variable} is ${masked(parsed)}, which cannot be used; write https://PUBLIC_KEY@HOST/PROJECT_ID`,
    );
  }
  const [, prefix = "", project = ""] = path;
  return {
    text: `${parsed.protocol}//${parsed.username}@${parsed.host}${prefix}/${project}`,
    url: `${parsed.protocol}//${parsed.host}${prefix}/api/${project}/envelope/`,
    headers: {
      "content-type": "application/x-sentry-envelope",
      "x-sentry-auth": `Sentry sentry_version=7, sentry_key=${parsed.username}, sentry_client=${SDK.name}/${SDK.version}`,
    },
  };
}

function masked(parsed: URL | null): string {
  if (parsed === null) return "not a URL";
  const key = parsed.username === "" ? "" : "***@";
  return `"${parsed.protocol}//${key}${parsed.host}${parsed.pathname}"`;
}
