// The interface to the hosts. Everything is little endian, and addresses and lengths are in bytes.

/** Raised when a host would have to change. */
export function version(): u32 {
  return 1;
}
