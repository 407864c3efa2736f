const UNREADABLE = "an error that cannot be read";

/**
 * Gives the error itself when a span, a log record and Sentry can read it, and otherwise an Error that says what can be
 * read of it: anything may be thrown, also a text, nothing, or an object whose getters throw.
 */
export function readableError(error: unknown): Error {
  if (isReadable(error)) return error;
  const readable = new Error(textOf(error));
  // Its stack would be that of this file, and Sentry would group by it.
  readable.stack = "";
  return readable;
}

function isReadable(error: unknown): error is Error {
  try {
    if (!(error instanceof Error)) return false;
    const { name, message, stack, cause, code } = error as Error & { code?: unknown };
    // A code may be a number or a text; what it becomes as text has to be readable too.
    if (typeof code === "object" && code !== null) String(code);
    return (
      typeof name === "string" &&
      typeof message === "string" &&
      (stack === undefined || typeof stack === "string") &&
      (cause === undefined || isReadable(cause) || !isObject(cause))
    );
  } catch {
    return false; // its getter's failure says no more than that it has one
  }
}

function textOf(error: unknown): string {
  try {
    const message = isObject(error) ? error["message"] : error;
    if (typeof message === "string") return message;
    return isObject(error)
      ? "an object without a message was thrown"
      : `${String(error)} was thrown`;
  } catch {
    return UNREADABLE;
  }
}

/** True for what has an identity, and properties. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
