// OTLP, "SpanFlags": it is known whether the parent is remote, and it is.
const HAS_IS_REMOTE = 0x100;
const IS_REMOTE = 0x200;

/** Gives the flags of a span or link as OTLP has them. */
export function spanFlags(traceFlags: number, isRemote: boolean | undefined): number {
  return (traceFlags & 0xff) | HAS_IS_REMOTE | (isRemote === true ? IS_REMOTE : 0);
}
