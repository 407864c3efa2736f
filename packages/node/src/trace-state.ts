import type { Redactor } from "@assay/redaction";

/**
 * Gives the members of a `tracestate` header in which nothing was found.
 *
 * A member is dropped whole: what a redactor writes may not be allowed in a header.
 */
export function redactTraceState(redactor: Redactor, header: string): string {
  return header
    .split(",")
    .filter((member) => {
      const [key = "", value = ""] = member.trim().split("=", 2);
      return redactor.text(key) === key && redactor.value(key, value) === value;
    })
    .join(",");
}
