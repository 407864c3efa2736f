export * from "./generated/attributes.ts";
export * from "./generated/signals.ts";
