import type { IncomingMessage } from "node:http";
import { guard } from "./exchange.ts";
import { patchModule } from "./module-patch.ts";
import { noteThrown, servedOf } from "./thrown.ts";

interface HapiRequest {
  raw: { req: IncomingMessage };
  route: { method: string; path: string };
  response?: Error & { isBoom?: boolean };
}
interface HapiServer {
  ext(point: "onPreResponse", see: (request: HapiRequest, toolkit: Toolkit) => unknown): void;
}
interface Toolkit {
  continue: unknown;
}
type Factory = new (options?: unknown) => HapiServer;
type Hapi = Partial<Record<"server" | "Server", Factory>> & { default?: Hapi };

/** Gives Hapi's requests their route and their errors. */
export function observeHapi(): void {
  patchModule({ name: "@hapi/hapi", versions: ">=17.0.0 <22", patch: patchHapi });
}

function patchHapi(exports: Hapi): void {
  for (const holder of [exports, exports.default]) {
    if (holder === undefined) continue;
    for (const name of ["server", "Server"] as const) {
      const original = holder[name];
      if (typeof original === "function") holder[name] = traced(original);
    }
  }
}

// Each is called with and without `new`, and gives the same.
function traced(original: Factory): Factory {
  return function server(options?: unknown): HapiServer {
    const made = new original(options);
    guard(() => made.ext("onPreResponse", see));
    return made;
  } as unknown as Factory;
}

// The first of all extensions there, so it sees what handlers threw before one of them makes an answer of it.
function see(request: HapiRequest, toolkit: Toolkit): unknown {
  guard(() => {
    const { raw, route, response } = request;
    const exchange = servedOf(raw.req);
    // Of what Hapi answers by itself, such as 404.
    if (exchange !== undefined && route.method !== "_special") exchange.metadata.route = route.path;
    if (response?.isBoom === true) {
      const { output } = response as unknown as { output: { statusCode: number } };
      if (output.statusCode >= 500) noteThrown(raw.req, response);
    }
  });
  return toolkit.continue;
}
