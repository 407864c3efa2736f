import type { HrTime, TimeInput } from "@opentelemetry/api";
import { isTimeInputHrTime } from "@opentelemetry/core";

// How often the wall clock is asked whether it has been set.
const CHECK_MS = 1_000;
// It tells whole milliseconds, and a process may be interrupted between two readings.
const MOST_OFF_MS = 2;

let origin = performance.timeOrigin;
let checkAt = 0;

/** Milliseconds since 1970 that belong to 0 of `performance.now()`; follows the wall clock when that is set. */
function originAt(now: number): number {
  if (now >= checkAt) {
    checkAt = now + CHECK_MS;
    const off = Date.now() - (origin + now);
    if (Math.abs(off) > MOST_OFF_MS) origin += off;
  }
  return origin;
}

/** The time now, and `performance.now()` at that moment. */
export function startOfNow(): { time: HrTime; now: number } {
  const now = performance.now();
  return { time: toHrTime(originAt(now) + now), now };
}

/** Gives `start` and what has passed on the monotonic clock since `startNow`. */
export function later([seconds, nanoseconds]: HrTime, startNow: number): HrTime {
  const passedMs = performance.now() - startNow;
  const whole = Math.floor(passedMs / 1_000);
  const rest = nanoseconds + Math.round((passedMs - whole * 1_000) * 1e6);
  return rest >= 1e9 ? [seconds + whole + 1, rest - 1e9] : [seconds + whole, rest];
}

/** Gives a time that an application passed: of the wall clock, or a reading of `performance.now()`. */
export function givenTime(time: TimeInput): HrTime | undefined {
  if (typeof time === "number") {
    const now = performance.now();
    return toHrTime(time <= now ? originAt(now) + time : time);
  }
  if (time instanceof Date) return toHrTime(time.getTime());
  return isTimeInputHrTime(time) ? time : undefined;
}

/** Gives milliseconds since 1970 as seconds and nanoseconds. */
export function toHrTime(milliseconds: number): HrTime {
  const seconds = Math.trunc(milliseconds / 1_000);
  const nanoseconds = Math.round((milliseconds - seconds * 1_000) * 1e6);
  return nanoseconds >= 1e9 ? [seconds + 1, nanoseconds - 1e9] : [seconds, nanoseconds];
}
