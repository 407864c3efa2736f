import { diag, type DiagLogger, DiagLogLevel } from "@opentelemetry/api";
import type { Redactor } from "@assay/redaction";
import { format } from "node:util";
import { writeLine } from "./stderr.ts";

/** Says one sentence on stderr, after redaction. */
export type Say = (sentence: string) => void;

/** Gives the function by which Assay speaks: `ASSAY_CONFIG: …` and `ASSAY_EXPORT: …` on stderr. */
export function createSay(redactor: () => Redactor, topic: string): Say {
  return (sentence) => {
    writeLine(`${topic}: ${redactor().text(sentence)}`);
  };
}

/** Puts OpenTelemetry's own log behind the redactor. */
export function redactDiagnostics(redactor: () => Redactor, level: string): void {
  const write =
    (name: string) =>
    (...parts: unknown[]): void => {
      // Objects are not printed: "items to be sent" would put whole batches on stderr.
      const text = parts.map((part) =>
        typeof part === "string" || part instanceof Error ? format(part) : typeof part,
      );
      writeLine(`ASSAY_OTEL: ${name} ${redactor().text(text.join(" "))}`);
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
