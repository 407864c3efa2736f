import { hostname, arch } from "node:os";
import { version as nodeVersion } from "node:process";
import { isMainThread, threadId } from "node:worker_threads";
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";
import type { DeclaredResource } from "./declared.ts";
import { instanceId } from "./threads.ts";

/**
 * Describes this process, without asking anything outside it.
 *
 * Upstream's detectors also take the command line, in which credentials stand, and read the machine id asynchronously,
 * so that a process that exits at once would lose its spans waiting for it. OTEL_RESOURCE_ATTRIBUTES and
 * OTEL_SERVICE_NAME win over what is found here. With a configuration file they do not count, its own attributes do,
 * and it says by detectors which of ours stay.
 */
export function createResource(version: string, declared?: DeclaredResource): Resource {
  const distro = { "telemetry.distro.name": "assay", "telemetry.distro.version": version };
  if (declared !== undefined) {
    const { attributes, schemaUrl } = declared;
    return defaultResource()
      .merge(resourceFromAttributes({ ...foundFor(declared), ...distro }))
      .merge(resourceFromAttributes(attributes, schemaUrl === undefined ? {} : { schemaUrl }));
  }
  const { host, process: own, service } = find();
  return defaultResource()
    .merge(resourceFromAttributes({ ...host, ...own, ...service, ...distro }))
    .merge(detectResources({ detectors: [envDetector] }));
}

type Found = Record<string, string | number>;

function find(): Record<"host" | "process" | "service", Found> {
  return {
    host: { "host.name": hostname(), "host.arch": arch() === "x64" ? "amd64" : arch() },
    process: {
      "process.pid": process.pid,
      "process.runtime.name": "nodejs",
      "process.runtime.version": nodeVersion.slice(1),
      ...(isMainThread ? {} : { "thread.id": threadId }),
    },
    service: { "service.instance.id": instanceId() },
  };
}

function foundFor({ detectors, included = ["*"], excluded = [] }: DeclaredResource): Found {
  const groups = Object.entries(find()).filter(([name]) => detectors?.includes(name) ?? true);
  const found = groups.flatMap(([, attributes]) => Object.entries(attributes));
  // The one variable that this detector is defined to read.
  const name = process.env["OTEL_SERVICE_NAME"];
  if (name && detectors?.includes("service") === true) found.push(["service.name", name]);
  return Object.fromEntries(
    found.filter(([key]) => isNamed(included, key) && !isNamed(excluded, key)),
  );
}

function isNamed(patterns: readonly string[], name: string): boolean {
  return patterns.some((pattern) => {
    const literal = pattern.replaceAll(/[\\^$.+()[\]{}|]/g, String.raw`\$&`);
    return new RegExp(`^${literal.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(name);
  });
}

/**
 * Describes this process for its metrics.
 *
 * Prometheus knows a series by the service and its instance alone, and two threads that write the same one would each
 * undo what the other counted; so a worker thread is an instance of its own there.
 */
export function metricResource(resource: Resource): Resource {
  if (isMainThread) return resource;
  const instance = `${String(resource.attributes["service.instance.id"])}.${threadId}`;
  return resource.merge(resourceFromAttributes({ "service.instance.id": instance }));
}
