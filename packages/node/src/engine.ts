/**
 * Loads the redaction engine.
 *
 * It is the largest part of Assay, and a process that has nothing to say and nothing to send needs none of it.
 */
export function engine(): typeof import("@assay/redaction") {
  return require("@assay/redaction");
}
