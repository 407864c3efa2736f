import type { Redactor } from "@assay/redaction";

/**
 * Puts in front of a redactor what removes the values of these query parameters, whatever they look like.
 *
 * In every text and list of texts, after `?` or `&`; in `url.query` at its start, too.
 */
export function withoutParameters(inner: Redactor, names: readonly string[]): Redactor {
  const any = names.map((name) => name.replaceAll(/[\^$\\.*+?()[\]{}|]/g, String.raw`\$&`));
  const anywhere = new RegExp(String.raw`([?&](?:${any.join("|")})=)[^&#\s"']+`, "gi");
  const stripText = (text: string): string => text.replaceAll(anywhere, "$1[removed]");
  const strip = (key: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => strip(key, item));
    if (typeof value !== "string") return value;
    return key === "url.query" ? stripText(`?${value}`).slice(1) : stripText(value);
  };
  return {
    value: (key, value) => inner.value(key, strip(key, value)),
    text: (text) => inner.text(stripText(text)),
    batch(entries) {
      const stripped = entries.map(([key, value]) => [key, strip(key, value)] as const);
      // Of what is clean the redactor gives nothing, and that is clean once it is stripped.
      return inner.batch(stripped) ?? stripped.map(([, value]) => value);
    },
  };
}
