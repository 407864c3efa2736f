import type { IncomingMessage } from "node:http";
import { wrap } from "./exchange.ts";
import { patchModule } from "./module-patch.ts";
import type { Served } from "./http-server.ts";
import { noteThrown, servedOf } from "./thrown.ts";

type Next = (error?: unknown) => void;

/** What Express makes of each path and each handler. */
interface Layer {
  route?: unknown;
  [TEMPLATE]?: string;
}
interface Router {
  stack: Layer[];
}
type Handle = (this: Layer, request: IncomingMessage, response: unknown, next: Next) => unknown;
type HandleError = (
  this: Layer,
  error: unknown,
  request: IncomingMessage,
  response: unknown,
  next: Next,
) => unknown;

const TEMPLATE = Symbol("assay.template");

/**
 * Gives Express' requests, of versions 4 and 5, their route and their errors.
 *
 * Only routes, and what is mounted at a path, are looked at while a request passes. Upstream wraps each middleware.
 */
export function observeExpress(): void {
  patchModule({ name: "express", versions: ">=4.0.0 <6", patch: patchExpress });
}

interface Express {
  default?: Express;
  Router: { prototype?: { route?: unknown } };
}

type Add = (this: Router, ...given: unknown[]) => unknown;
type Dispatch = (
  this: Router,
  request: IncomingMessage,
  response: unknown,
  out: Next | undefined,
) => unknown;

function patchExpress(exports: Express): void {
  const express = exports.default ?? exports;
  // In version 5 a router has a class; in 4 the function itself is what routers inherit.
  const isClass = typeof express.Router.prototype?.route === "function";
  const router: object = isClass ? express.Router.prototype! : express.Router;
  for (const name of ["use", "route"]) {
    wrap(
      router,
      name,
      (add: Add) =>
        function addNoted(...given) {
          const before = this.stack.length;
          const result = Reflect.apply(add, this, given);
          for (const layer of this.stack.slice(before)) noteLayer(layer, given[0]);
          return result;
        },
    );
  }
  wrap(
    router,
    "handle",
    (handle: Dispatch) =>
      function handleTraced(request, response, out) {
        const exchange = servedOf(request);
        if (exchange === undefined || exchange.isRouted || out === undefined) {
          return Reflect.apply(handle, this, [request, response, out]);
        }
        exchange.isRouted = true;
        const outTraced: Next = (error) => {
          // What no handler of errors took.
          if (error) noteThrown(request, error);
          out(error);
        };
        return Reflect.apply(handle, this, [request, response, outTraced]);
      },
  );
}

function noteLayer(layer: Layer, path: unknown): void {
  const template = templateOf(path);
  // What is mounted at the root, and what takes everything, says nothing of the route.
  if (layer.route !== undefined || !/^(?:\/?|\/?\*|\/\{\*\w*\})$/.test(template)) {
    layer[TEMPLATE] = template;
  }
  patchLayers(Object.getPrototypeOf(layer) as Record<string, unknown>);
}

function templateOf(path: unknown): string {
  if (Array.isArray(path)) return path.map((one) => templateOf(one)).join(",");
  const isPath = typeof path === "string" || typeof path === "number" || path instanceof RegExp;
  return isPath ? String(path) : "";
}

const patched = new WeakSet<object>();

function patchLayers(prototype: object): void {
  if (patched.has(prototype)) return;
  patched.add(prototype);
  const isFive = "handleRequest" in prototype;
  wrap(
    prototype,
    isFive ? "handleRequest" : "handle_request",
    (handle: Handle) =>
      function handleTraced(request, response, next) {
        const template = this[TEMPLATE];
        const exchange = template === undefined ? undefined : servedOf(request);
        const nextTraced =
          template === undefined || exchange === undefined
            ? next
            : enter(this, template, exchange, next);
        return Reflect.apply(handle, this, [request, response, nextTraced]);
      },
  );
  wrap(
    prototype,
    isFive ? "handleError" : "handle_error",
    (handleError: HandleError) =>
      function errorTraced(error, request, response, next) {
        noteThrown(request, error);
        return Reflect.apply(handleError, this, [error, request, response, next]);
      },
  );
}

// Gives what leaves the layer again.
function enter({ route }: Layer, template: string, exchange: Served, next: Next): Next {
  const { metadata, mount } = exchange;
  const { route: before } = metadata;
  if (route === undefined) exchange.mount = join(mount, template);
  else metadata.route = join(mount, template) || "/";
  return (error) => {
    exchange.mount = mount;
    const isPassedOn = !error || error === "route" || error === "router";
    // It passed the request on, so it was not its route; nobody may be left to take it.
    if (isPassedOn && before === undefined) delete metadata.route;
    else if (isPassedOn) metadata.route = before!;
    next(error);
  };
}

function join(mount: string, template: string): string {
  if (template === "/") return mount;
  return mount === "" ? template : `${mount}/${template}`.replaceAll(/\/{2,}/g, "/");
}
