const PACKAGES = "node_modules/";

/**
 * The package that a specifier, a path or a URL is in, or the built-in module that it names without "node:".
 *
 * The empty string for a relative path and for a file outside node_modules.
 */
export function packageOf(specifier: string): string {
  const at = specifier.lastIndexOf(PACKAGES);
  if (at !== -1) return nameAt(specifier, at + PACKAGES.length);
  if (specifier.startsWith("node:")) return specifier.slice(5);
  const first = specifier.charCodeAt(0);
  if (first === 46 /* . */ || first === 47 /* / */ || specifier.includes(":")) return "";
  // The one built-in module with a slash that is instrumented on its own.
  return specifier.endsWith("/promises") ? specifier : nameAt(specifier, 0);
}

function nameAt(text: string, start: number): string {
  const slash = text.indexOf("/", start);
  if (slash === -1) return text.slice(start);
  if (text.charCodeAt(start) !== 64 /* @ */) return text.slice(start, slash);
  const second = text.indexOf("/", slash + 1);
  return second === -1 ? text.slice(start) : text.slice(start, second);
}
