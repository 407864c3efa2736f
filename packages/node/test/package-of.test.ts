import { expect, test } from "vitest";
import { packageOf } from "../src/package-of.ts";

test.each([
  ["express", "express"],
  ["pg/lib/client.js", "pg"],
  ["@hapi/hapi", "@hapi/hapi"],
  ["@redis/client/dist/lib/client", "@redis/client"],
  ["node:https", "https"],
  ["fs/promises", "fs/promises"],
  ["file:///srv/node_modules/koa/lib/application.js", "koa"],
  ["/srv/node_modules/.pnpm/pg@8.0.0/node_modules/pg/lib/index.js", "pg"],
  ["/srv/node_modules/@grpc/grpc-js/build/src/index.js", "@grpc/grpc-js"],
  ["./express", ""],
  ["/srv/express/index.js", ""],
  ["file:///srv/app.mjs", ""],
])("%s is of the package %j", (specifier, name) => {
  expect(packageOf(specifier)).toBe(name);
});
