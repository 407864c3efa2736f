const { SpanStatusCode, trace } = require("@opentelemetry/api");

/** Plants canaries in errors that are recorded on a span. */
function plantErrors(on) {
  const tracer = trace.getTracer("canary");
  const record = (error) => {
    const span = tracer.startSpan("charge");
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };

  for (const { text } of on("exception_message")) record(new Error(text));
  for (const { text } of on("exception_type")) {
    const error = new Error("declined");
    error.name = text;
    record(error);
  }
  for (const { text, compact } of on("exception_stack")) {
    const error = new Error("declined");
    error.stack += `\n    at charge (/srv/pay/${compact}.js:1:1)\n    at ${text} (/srv/pay/app.js:2:2)`;
    record(error);
  }
  for (const { text } of on("exception_cause")) {
    record(new Error("payout failed", { cause: new TypeError(text) }));
  }
}

module.exports = { plantErrors };
