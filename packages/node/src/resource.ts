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
import { instanceId } from "./threads.ts";

/**
 * Describes this process, without asking anything outside it.
 *
 * Upstream's detectors also take the command line, in which credentials stand, and read the machine id asynchronously,
 * so that a process that exits at once would lose its spans waiting for it. OTEL_RESOURCE_ATTRIBUTES and
 * OTEL_SERVICE_NAME win over what is found here.
 */
export function createResource(version: string): Resource {
  const found = resourceFromAttributes({
    "host.name": hostname(),
    "host.arch": arch() === "x64" ? "amd64" : arch(),
    "process.pid": process.pid,
    "process.runtime.name": "nodejs",
    "process.runtime.version": nodeVersion.slice(1),
    "service.instance.id": instanceId(),
    ...(isMainThread ? {} : { "thread.id": threadId }),
    "telemetry.distro.name": "assay",
    "telemetry.distro.version": version,
  });
  return defaultResource()
    .merge(found)
    .merge(detectResources({ detectors: [envDetector] }));
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
