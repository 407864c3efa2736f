/**
 * Runs `work` while holding the lock file at `path`, and returns its result.
 *
 * Waits for a live holder, calling `onWait` with its process id; takes over from a dead or silent one.
 */
export function withLock<Result>(
  path: string,
  work: () => Promise<Result>,
  options?: { onWait?: (pid: number | undefined) => void },
): Promise<Result>;
