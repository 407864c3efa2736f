// What the applications of the exit matrix have in common. Each finishes spans, leaves one open, and ends in a way that
// its first argument names. Under plain Node the API does nothing, so that the same file runs there.
const cluster = require("node:cluster");
const { writeSync } = require("node:fs");
const { isMainThread, parentPort, Worker, workerData } = require("node:worker_threads");
const { logs, trace } = require("@opentelemetry/api");

const SPANS = 20;

// One line is one write, so that lines of several processes do not mix; a worker thread's console is asynchronous.
const print = (line) => writeSync(1, `${line}\n`);

/** Finishes spans and a log record and leaves a span open, all under the name of who does it. */
function finish(who) {
  const tracer = trace.getTracer("exits");
  for (let index = 0; index < SPANS; index += 1) tracer.startSpan(`${who} ${index}`).end();
  logs.getLogger("exits").emit({ body: `${who} logged`, severityNumber: 9 });
  open.push(tracer.startSpan(`${who} open`));
}
const open = [];

function listen(who) {
  for (const event of ["beforeExit", "exit", "disconnect"]) {
    process.on(event, (code) => print(`${who} heard ${event} ${code}`));
  }
}

function wait(signal) {
  setImmediate(() => process.kill(process.pid, signal));
  return setInterval(() => {}, 1000);
}

// In the turn after this one, so that nothing of the preload is above it on the stack.
const later = (act) => setImmediate(() => act());

const ENDS = {
  normal() {},
  exit: () => process.exit(3),
  throw: () =>
    later(() => {
      throw new Error("thrown at the end");
    }),
  reject: () => Promise.reject(new Error("rejected at the end")),
  SIGTERM: () => wait("SIGTERM"),
  SIGINT: () => wait("SIGINT"),
  "SIGTERM, own listener": () => {
    const timer = wait("SIGTERM");
    process.on("SIGTERM", () => {
      print("main heard SIGTERM");
      clearInterval(timer);
      process.exitCode = 5;
    });
  },
  "handled throw": () => {
    process.on("uncaughtException", ({ message }) => {
      print(`main heard ${message}`);
      process.exit(6);
    });
    ENDS.throw();
  },
};

/** Ends of a worker thread, and of the main thread over it. */
const THREADS = {
  "worker ends": { worker: "normal" },
  "worker exits": { worker: "exit" },
  "worker throws": { worker: "throw" },
  "worker rejects": { worker: "reject" },
  "main exits": { worker: "stay", main: () => process.exit(3) },
  "main throws": { worker: "stay", main: ENDS.throw },
  "main by SIGTERM": { worker: "stay", main: ENDS.SIGTERM },
  "main ends, unref'd": { worker: "stay", main: (worker) => worker.unref() },
  // Nothing of a thread runs after this, so its spans have to be out before; what is open is lost.
  "worker is terminated": {
    worker: "stay",
    main: (worker) => {
      process.on("SIGUSR2", () => void worker.terminate());
      print("main waits");
    },
  },
};

/** Ends of a worker process, and of the primary over it. */
const CLUSTER = {
  "worker ends": { worker: () => cluster.worker.disconnect() },
  "worker exits": { worker: () => process.exit(4) },
  "worker throws": { worker: ENDS.throw },
  "primary disconnects": { primary: () => cluster.disconnect() },
  "primary kills": { primary: (worker) => worker.kill() },
  "primary exits": { primary: () => process.exit(3) },
};

function inThread(file, way) {
  if (!isMainThread) {
    listen("worker");
    finish("worker");
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    parentPort.postMessage("finished");
    if (workerData === "stay") setInterval(() => {}, 1000);
    else ENDS[workerData]();
    return;
  }
  listen("main");
  const { worker: how, main } = THREADS[way];
  finish("main");
  const worker = new Worker(file, { workerData: how, argv: process.argv.slice(2) });
  worker.on("message", () => main?.(worker));
  worker.on("error", ({ message }) => print(`main heard error ${message}`));
  worker.on("exit", (code) => print(`main heard exit of worker ${code}`));
}

function inCluster(way) {
  const { worker: act, primary } = CLUSTER[way];
  if (!cluster.isPrimary) {
    listen("worker");
    finish("worker");
    process.send("finished");
    const server = require("node:net").createServer();
    server.listen(0, () => act?.());
    return;
  }
  listen("primary");
  finish("primary");
  const worker = cluster.fork();
  worker.on("message", () => primary?.(worker));
  worker.on("exit", (code, signal) => print(`primary heard exit of worker ${code} ${signal}`));
}

/** Ends as the first argument says: "exit", "thread: worker exits", "cluster: primary exits". */
function run(file) {
  const [kind, way] = process.argv[2].split(": ");
  if (kind === "thread") return inThread(file, way);
  if (kind === "cluster") return inCluster(way);
  listen("main");
  finish("main");
  return ENDS[kind]();
}

module.exports = { run };
