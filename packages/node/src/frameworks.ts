export { observeExpress } from "./express-routes.ts";
export { observeHapi } from "./hapi-routes.ts";
export { observeKoa } from "./koa-routes.ts";
export { observeNest } from "./nest-errors.ts";
