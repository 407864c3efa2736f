import { diag, type DiagLogger, DiagLogLevel } from "@opentelemetry/api";
import type { Redactor } from "@assay/redaction";
import { format } from "node:util";
import { writeLine } from "./stderr.ts";

/** Says one sentence on stderr, after redaction. */
export type Say = (sentence: string) => void;

/** Gives the function by which Assay speaks: `ASSAY_CONFIG: …` and `ASSAY_EXPORT: …` on stderr. */
export function createSay(redactor: () => Redactor, topic: string): Say {
  return (sentence) => {
    writeLine(`${topic}: ${redacted(redactor, () => sentence)}`);
  };
}

/** Puts OpenTelemetry's own log behind the redactor. */
export function redactDiagnostics(redactor: () => Redactor, level: string): void {
  const write =
    (name: string) =>
    (...parts: unknown[]): void => {
      // Objects are not printed: "items to be sent" would put whole batches on stderr.
      const text = (): string =>
        parts
          .map((part) =>
            typeof part === "string" || part instanceof Error ? format(part) : typeof part,
          )
          .join(" ");
      writeLine(`ASSAY_OTEL: ${name} ${redacted(redactor, text)}`);
    };
  const logger: DiagLogger = {
    error: write("error"),
    warn: write("warn"),
    info: write("info"),
    debug: write("debug"),
    verbose: write("verbose"),
  };
  const logLevel = DiagLogLevel[level as keyof typeof DiagLogLevel];
  diag.setLogger(logger, { logLevel, suppressOverrideMessage: true });
}

function redacted(redactor: () => Redactor, text: () => string): string {
  try {
    return redactor().text(text());
  } catch {
    return "something is to be said here that cannot be redacted.";
  }
}
