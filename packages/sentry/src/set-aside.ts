import { appendFileSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** An error that is no issue, and why. */
export interface SetAsideRecord {
  reason: SetAsideReason;
  project?: string | undefined;
  eventId?: string | undefined;
  /** The HTTP status of the refusal. */
  status?: number | undefined;
  /** The envelope, redacted, as it would have been sent. */
  envelope?: string | undefined;
}

export type SetAsideReason =
  | "unreadable"
  | "unjudgeable"
  | "refused"
  | "breaks_the_server"
  | "no_project";

/** Where errors are put that can be no issue, so that they hold nothing up and are not lost without a word. */
export interface SetAside {
  put(record: SetAsideRecord): void;
}

/** A file a day; together they hold this much, and what comes on top is counted and not written. */
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Makes the place for what can be no issue: JSON lines in `set-aside-YYYY-MM-DD.jsonl` (UTC), for the user alone.
 *
 * Only what was redacted is written. Never throws after it was made: a full disk is told once, and counted by the
 * caller as everything set aside is. Throws one sentence when `directory` cannot be made or written.
 */
export function createSetAside({
  directory,
  onDiagnostic,
  mostBytes = MOST_BYTES,
}: {
  directory: string;
  onDiagnostic: (sentence: string) => void;
  mostBytes?: number;
}): SetAside {
  let bytes = prepare(directory);
  let isTold = false;
  const tell = (sentence: string): void => {
    if (!isTold) onDiagnostic(sentence);
    isTold = true;
  };
  return {
    put(record) {
      const now = new Date().toISOString();
      const line = `${JSON.stringify({ time: now, ...record })}\n`;
      const size = Buffer.byteLength(line);
      if (bytes + size > mostBytes) {
        return tell(
          `${directory} holds ${mostBytes} bytes of errors set aside; those that follow are only counted`,
        );
      }
      try {
        appendFileSync(join(directory, `set-aside-${now.slice(0, 10)}.jsonl`), line, {
          mode: 0o600,
        });
        bytes += size;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "unknown";
        tell(`${directory} cannot be written (${code}); errors set aside are only counted`);
      }
    },
  };
}

function prepare(directory: string): number {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const files = readdirSync(directory).filter((name) => name.startsWith("set-aside-"));
    return files.reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    throw new Error(
      `ASSAY_BRIDGE_SET_ASIDE is ${JSON.stringify(directory)}, which is no folder that can be written (${code}); name one`,
      { cause: error },
    );
  }
}
