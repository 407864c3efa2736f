import type { Config } from "./config.ts";

/** OTLP over HTTP as JSON or protobuf. */
export type Encoding = "http/json" | "http/protobuf";

/** Gives a signal's encoding: its own variable's, or that of all. */
export function encodingOf(own: string, config: Config): Encoding {
  return (own === "" ? config.protocol : own) as Encoding;
}
