import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";

/**
 * Gives what a file of src/ exports, one that imports nothing but types.
 *
 * The package is CommonJS for Node, so its sources cannot be imported as they are.
 */
export async function importSource(file: string): Promise<unknown> {
  const source = await readFile(new URL(`../src/${file}`, import.meta.url), "utf8");
  const text = stripTypeScriptTypes(source);
  return import(`data:text/javascript,${encodeURIComponent(text)}`);
}
