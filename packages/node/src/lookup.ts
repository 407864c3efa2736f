import { lookup as lookupName, Resolver } from "node:dns";
import { readFileSync } from "node:fs";
import type { LookupFunction } from "node:net";

const SILENT_MS = 500; // c-ares waits up to twice as long
const HOSTS = "/etc/hosts";

/**
 * Makes the name lookup of a request to the Collector: the system's, once a name server is known to answer.
 *
 * The system's lookup runs on a thread that nothing can stop, and a name server that does not answer holds it, and with
 * it a process that wants to end, for 10 to 20 s.
 */
export function createLookup({ servers }: { servers?: readonly string[] } = {}): LookupFunction {
  const resolver = new Resolver({ timeout: SILENT_MS, tries: 1 });
  if (servers !== undefined) resolver.setServers(servers);
  return (name, options, callback) => {
    if (isLocal(name)) return lookupName(name, options, callback);
    resolver.resolve4(name, (error) => {
      // Any answer will do, also that there is no such name: search domains are the system's.
      if (error?.code === "ETIMEOUT") callback(error, "");
      else lookupName(name, options, callback);
    });
  };
}

function isLocal(name: string): boolean {
  if (name === "localhost") return true;
  try {
    return readFileSync(HOSTS, "utf8").split(/\s+/).includes(name);
  } catch {
    return false; // no such file on this system
  }
}
