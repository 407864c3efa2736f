export * from "./express.ts";
