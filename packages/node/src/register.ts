import { isMainThread, parentPort } from "node:worker_threads";

// Node runs a --require preload again on its internal hooks thread, which has no parent port and no application.
if (isMainThread || parentPort !== null) {
  require("./hooks"); // first: it must see every module that the SDK loads
  (require("./start") as typeof import("./start.ts")).start();
}
