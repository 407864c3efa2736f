import { hostname, arch } from "node:os";
import { version as nodeVersion } from "node:process";
import {
  defaultResource,
  detectResources,
  envDetector,
  type Resource,
  resourceFromAttributes,
} from "@opentelemetry/resources";

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
    "telemetry.distro.name": "assay",
    "telemetry.distro.version": version,
  });
  return defaultResource()
    .merge(found)
    .merge(detectResources({ detectors: [envDetector] }));
}

// Has to be unique, and is no secret; node:crypto takes longer to load than the rest of this together.
function instanceId(): string {
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(Math.random() * 16).toString(16)).join("");
  const variant = "89ab"[Math.floor(Math.random() * 4)];
  return `${digits(8)}-${digits(4)}-4${digits(3)}-${variant}${digits(3)}-${digits(12)}`;
}
