// Finishes spans and log records at a steady rate, and writes down what it has finished and when.
//
// The first argument is the number of spans a second, the second the name of this run. One in 20 spans is of a payment,
// one in 50 has an error, and every one has a log record. SIGUSR2 stops the load; the process lives on.
const { writeSync } = require("node:fs");
const { context, logs, trace } = require("@opentelemetry/api");

const TICK_MS = 20;
const [, , rate, run] = process.argv;
const perTick = Math.round((Number(rate) * TICK_MS) / 1_000);
const tracer = trace.getTracer("load");
const logger = logs.getLogger("load");

// One write a line: a SIGKILL loses none of what was written.
const print = (line) => writeSync(1, `${JSON.stringify(line)}\n`);

function classOf(index) {
  if (index % 20 === 0) return "payment";
  return index % 50 === 1 ? "error" : "other";
}

function finish(index) {
  const of = classOf(index);
  const span = tracer.startSpan(`${run} ${index} ${of}`, {
    attributes: { "http.route": "/payments/:id", "app.index": index, "app.text": "x".repeat(200) },
  });
  if (of === "payment") span.setAttribute("finance.payment.id", `pay_${index}`);
  if (of === "error") span.setStatus({ code: 2, message: "refused" });
  const inSpan = trace.setSpan(context.active(), span);
  logger.emit({ body: `${run} ${index} ${of}`, severityNumber: 9, context: inSpan });
  span.end();
}

let finished = 0;
let most = 0;
const timer = setInterval(() => {
  const from = finished;
  for (let count = 0; count < perTick; count += 1, finished += 1) finish(finished);
  most = Math.max(most, process.memoryUsage.rss());
  print({ from, to: finished, at: Date.now() });
}, TICK_MS);

process.on("SIGUSR2", () => {
  clearInterval(timer);
  print({ finished, mostRss: most });
});
setInterval(() => {}, 1_000);
print({ begun: true });
