/** Sends what is finished and waits for it, `timeoutMs` at most; `false` when something is still held then. */
export type Flush = (timeoutMs?: number) => Promise<boolean>;
