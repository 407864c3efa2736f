/** Writes nanoseconds the way people read them: `850 µs`, `12.3 ms`, `2.31 s`, `4 min 05 s`. */
export function formatDuration(ns: bigint): string {
  const microseconds = Number(ns / 1_000n);
  if (microseconds < 1_000) return `${microseconds} µs`;
  const ms = microseconds / 1_000;
  if (ms < 99.95) return `${ms.toFixed(1)} ms`;
  if (ms < 999.5) return `${ms.toFixed(0)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 99.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** Writes an offset from a start: `+2.31 s`, or `-3.0 ms` when clocks disagree. */
export function formatOffset(ns: bigint): string {
  return ns < 0n ? `-${formatDuration(-ns)}` : `+${formatDuration(ns)}`;
}

/** Writes a time in UTC to the millisecond: `2026-11-24 08:32:47.123Z`. */
export function formatTime(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000n));
  return Number.isNaN(date.getTime()) ? "?" : date.toISOString().replace("T", " ");
}
