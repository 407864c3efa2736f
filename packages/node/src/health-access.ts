import { createHash, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";

/** Who may read the detailed answers: whoever has the token in a file, or whom a function lets in. */
export type Authorize = { tokenFile: string } | ((headers: Headers) => boolean | Promise<boolean>);

/**
 * Gives whether a request may have the detailed answers. Without `authorize` nobody may.
 *
 * The file is read for each request, so that a token can be changed. A file that cannot be read, or is empty, lets
 * nobody in, and so does a function that throws.
 */
export async function isAllowed(
  authorize: Authorize | undefined,
  headers: Headers,
): Promise<boolean> {
  if (authorize === undefined) return false;
  try {
    if (typeof authorize === "function") return await authorize(headers);
    const token = (await readFile(authorize.tokenFile, "utf8")).trim();
    const [, given = ""] = /^Bearer +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
    return token !== "" && timingSafeEqual(digest(token), digest(given));
  } catch {
    return false;
  }
}

// Texts of one length, so that the comparison takes the same time for all.
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
