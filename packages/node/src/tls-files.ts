import { readFileSync } from "node:fs";
import type { SignalName } from "./otlp-target.ts";

/**
 * Reads the files of the connection to the Collector.
 *
 * Throws when one that is named cannot be read: without it any public authority would be trusted.
 */
export function tlsFiles(
  signal: SignalName,
  env: NodeJS.ProcessEnv,
): {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
} {
  const file = (name: string): Buffer | undefined => {
    const path = env[`OTEL_EXPORTER_OTLP_${signal}_${name}`] ?? env[`OTEL_EXPORTER_OTLP_${name}`];
    return path ? readFileSync(path) : undefined;
  };
  const [ca, cert, key] = [file("CERTIFICATE"), file("CLIENT_CERTIFICATE"), file("CLIENT_KEY")];
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
