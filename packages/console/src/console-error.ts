/** What can be wrong at start-up; the README lists them. */
export type ConsoleErrorCode =
  | "ASSAY_CONSOLE_HOST_NOT_LOOPBACK"
  | "ASSAY_CONSOLE_PORT_INVALID"
  | "ASSAY_CONSOLE_PORT_IN_USE"
  | "ASSAY_CONSOLE_LISTEN_FAILED";

/** The console cannot start. The message is one sentence. */
export class ConsoleError extends Error {
  override name = "ConsoleError";
  readonly code: ConsoleErrorCode;

  constructor(code: ConsoleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
