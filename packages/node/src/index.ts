export { start } from "./start.ts";
export type { Flush } from "./flush.ts";
export { createHealth, type HealthEndpoints, type HealthOptions } from "./health.ts";
export type { Authorize } from "./health-access.ts";
export type { HealthCheck } from "./health-check.ts";
