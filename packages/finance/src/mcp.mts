export * from "./mcp.ts";
