import { readFileSync } from "node:fs";

/**
 * Reads the files of the connection to the Collector.
 *
 * Throws when one that is named cannot be read: without it any public authority would be trusted.
 */
export function tlsFiles(signal: "TRACES" | "METRICS" | "LOGS"): {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
} {
  const file = (name: string): Buffer | undefined => {
    const path =
      process.env[`OTEL_EXPORTER_OTLP_${signal}_${name}`] ??
      process.env[`OTEL_EXPORTER_OTLP_${name}`];
    return path ? readFileSync(path) : undefined;
  };
  const [ca, cert, key] = [file("CERTIFICATE"), file("CLIENT_CERTIFICATE"), file("CLIENT_KEY")];
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
