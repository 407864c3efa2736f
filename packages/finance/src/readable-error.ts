const UNREADABLE = "an error that cannot be read";
const DEEPEST = 10; // a cause may be its own cause

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

function isReadable(error: unknown, depth = 0): error is Error {
  try {
    if (!(error instanceof Error)) return false;
    const { name, message, stack, cause, code } = error as Error & { code?: unknown };
    return (
      typeof name === "string" &&
      typeof message === "string" &&
      (stack === undefined || typeof stack === "string") &&
      !isObject(code) &&
      // Sentry shows causes, as far as they are errors.
      (depth >= DEEPEST || !(cause instanceof Error) || isReadable(cause, depth + 1))
    );
  } catch {
    return false; // what its getter throws says no more than that it cannot be read
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
