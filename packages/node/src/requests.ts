import { Server } from "node:http";
import { observeRequests } from "./http-client.ts";
import { followServed, observeServers } from "./http-server.ts";

export { observeFetch } from "./fetch.ts";

/** Begins to make spans of what goes through `http`. */
export function observeHttp(): void {
  followServed();
  observeRequests();
  observeServers(Server, "http");
}

/** Makes spans of what `https` serves, after `observeHttp`: what is asked by `https` goes through `http`. */
export function observeHttps(): void {
  const https = require("node:https") as typeof import("node:https");
  observeServers(https.Server, "https");
}
