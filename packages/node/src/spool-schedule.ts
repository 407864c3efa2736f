/** Milliseconds that an item waits for others before both are written to the spool. */
export const SPOOL_DELAY_MS = 100;
// Redaction, encoding and writing take turns with the application, and for the first batch their parts have to be loaded.
// Measured with ten times as many busy processes as cores, where the first batch of a process was not written after 590 ms.
const SPOOL_WORK_MS = 900;
/** A span that ended this many milliseconds before a SIGKILL is in the spool. */
export const SPOOLED_WITHIN_MS: number = SPOOL_DELAY_MS + SPOOL_WORK_MS;

/** What a process that reads the clock of another's folder waits for, when it cannot ask whether the other lives. */
export const LEASE_MS = 60_000;
export const RENEW_MS = 15_000;
