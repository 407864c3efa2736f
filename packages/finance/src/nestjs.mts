export * from "./nestjs.ts";
