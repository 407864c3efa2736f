/** Gives the one spelling of a host name or address, or `undefined` for what is neither, so that nothing is sent to it. */
export function hostOf(text: string): string | undefined {
  const lower = text.toLowerCase();
  const bare = /^\[(.*)\]$/s.exec(lower)?.[1] ?? lower;
  if (bare.includes(":")) return addressOf(bare);
  // A trailing dot means the same host; letters of other scripts and their dots go as the resolver takes them.
  const ascii = /^[\u0021-\u007e]*$/.test(bare) ? bare : asciiOf(bare);
  const name = ascii?.replace(/\.$/, "") ?? "";
  if (
    name.length > 253 ||
    !/^[a-z0-9_](?:[a-z0-9_-]{0,62})(?:\.[a-z0-9_][a-z0-9_-]{0,62})*$/.test(name)
  ) {
    return undefined;
  }
  // 127.1, 0x7f.0.0.1 and 2130706433 are addresses to some resolvers and names to others.
  const isNumeric = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(name);
  return isNumeric && !isIpv4(name) ? undefined : name;
}

/** Tells whether it is an IPv4 address in its one spelling. */
export function isIpv4(host: string): boolean {
  const parts = host.split(".");
  return (
    parts.length === 4 &&
    parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)
  );
}

// A zone, as in fe80::1%eth0, is not taken by URL and gives undefined.
function addressOf(text: string): string | undefined {
  if (!/^[0-9a-f:.]+$/.test(text)) return undefined;
  const address = URL.parse(`http://[${text}]`)?.hostname.slice(1, -1);
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address ?? "") ?? [];
  if (high === undefined || low === undefined) return address;
  const [one, two] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [one >> 8, one & 255, two >> 8, two & 255].join(".");
}

function asciiOf(text: string): string | undefined {
  // What ends a host in a URL would hide the rest of it.
  return /[\s/\\?#@:%]/.test(text) ? undefined : URL.parse(`http://${text}`)?.hostname;
}
