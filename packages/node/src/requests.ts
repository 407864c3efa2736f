import { observeRequests } from "./http-client.ts";
import { followServed, observeServers } from "./http-server.ts";

export { observeFetch } from "./fetch.ts";

// Both modules are given: to load them here is what would have this file be asked for while it loads.

/** Begins to make spans of what goes through `http`. */
export function observeHttp(http: typeof import("node:http")): void {
  followServed(http.ServerResponse);
  observeRequests(http);
  observeServers(http.Server, "http");
}

/** Makes spans of what `https` serves, after `observeHttp`: what is asked by `https` goes through `http`. */
export function observeHttps(https: typeof import("node:https")): void {
  observeServers(https.Server, "https");
}
