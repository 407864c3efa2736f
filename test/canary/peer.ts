import { join } from "node:path";
import { ROOT } from "../../scripts/backends.mjs";
import { type Service, spawnService } from "../support/process.ts";
import { getJson } from "../support/wait.ts";

/** Somebody whom the application calls, and what reaches it by our headers. */
export interface Peer extends Service {
  url: string;
  /** The headers of each request, less those that the application itself chose. */
  headers(): Promise<string[]>;
}

// What the application sends on purpose: its own user agent, and the address that it calls.
const OWN = new Set(["user-agent", "host"]);

/** Starts the example's fake Daraja, a process of its own that keeps what reaches it. */
export async function startPeer(): Promise<Peer> {
  const service = await spawnService({
    name: "The fake Daraja",
    command: process.execPath,
    args: [join(ROOT, "examples/mpesa-mcp/src/daraja-server.ts")],
    env: { DARAJA_PORT: "0", NODE_OPTIONS: undefined },
    ready: /daraja listening on \S+/,
  });
  const url = /daraja listening on (\S+)/.exec(service.output())![1]!;
  return Object.assign(service, {
    url,
    async headers() {
      const received = await getJson<{ headers: Record<string, string> }[]>(`${url}/_received`);
      return received.map(({ headers }) =>
        Object.entries(headers)
          .filter(([name]) => !OWN.has(name))
          .map(([name, value]) => `${name}: ${value}`)
          .join("\n"),
      );
    },
  });
}
