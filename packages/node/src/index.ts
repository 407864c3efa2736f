export { start } from "./start.ts";
export type { Flush } from "./flush.ts";
