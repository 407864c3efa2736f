const {
  SpanStatusCode,
  TraceFlags,
  context,
  createTraceState,
  trace,
} = require("@opentelemetry/api");

const remote = (traceState) => ({
  traceId: "5f467fe7bf42676c05e20ba4a90e448e",
  spanId: "4c721bf33e3caf8f",
  traceFlags: TraceFlags.SAMPLED,
  isRemote: true,
  traceState: createTraceState(traceState),
});

/** Plants canaries on everything that a span has, one span for each canary. */
function plantSpans(on) {
  const tracer = trace.getTracer("canary");
  const one = (name, options = {}, finish = () => {}) => {
    const span = tracer.startSpan(name, options);
    finish(span);
    span.end();
  };
  const attributes = (values) => one("attributes", { attributes: values });

  for (const { text } of on("span_name")) one(text);
  for (const { text } of on("span_name_updated"))
    one("before", {}, (span) => span.updateName(text));
  for (const { text } of on("span_status")) {
    one("status", {}, (span) => span.setStatus({ code: SpanStatusCode.ERROR, message: text }));
  }
  for (const { text } of on("attribute_key")) attributes({ [text]: "on" });
  for (const { text } of on("attribute_text")) attributes({ "app.note": text });
  for (const { key, secret, marker } of on("attribute_named")) {
    attributes({ [key]: secret, "app.note": marker });
  }
  for (const { key, kind, secret, marker } of on("attribute_number")) {
    // A card or phone number is one under any key; CVV and PIN need the key that names them.
    const named = kind === "cvv" || kind === "pin" ? key : "app.reference";
    attributes({ [named]: Number(secret), "app.note": marker });
  }
  for (const { text } of on("attribute_array"))
    attributes({ "app.notes": ["first", text, "last"] });
  for (const { text, key, secret } of on("attribute_map")) {
    attributes({ "app.request": { note: text, customer: { details: [{ [key]: secret }] } } });
  }
  for (const { json } of on("attribute_json")) attributes({ "app.payload": json });
  for (const { text } of on("attribute_percent")) {
    attributes({ "app.form": `state=open&note=${encodeURIComponent(text)}` });
  }

  for (const { text } of on("event_name")) one("event", {}, (span) => span.addEvent(text));
  for (const { text } of on("event_key")) {
    one("event", {}, (span) => span.addEvent("noted", { [text]: "on" }));
  }
  for (const { text, key, secret } of on("event_attribute")) {
    one("event", {}, (span) => span.addEvent("noted", { note: text, [key]: secret }));
  }
  for (const { text, key, secret } of on("link_attribute")) {
    one("link", {
      links: [{ context: remote("vendor=1"), attributes: { note: text, [key]: secret } }],
    });
  }
  for (const canary of on("link_trace_state")) {
    one("link", { links: [{ context: remote(members(canary)) }] });
  }
  for (const canary of on("parent_trace_state")) {
    const parent = trace.setSpanContext(context.active(), remote(members(canary)));
    tracer.startSpan("child", {}, parent).end();
  }
  for (const { text, compact } of on("span_scope"))
    trace.getTracer(text, compact).startSpan("scoped").end();
}

/** Plants on spans that end just before the process does: they leave by another way. */
plantSpans.last = (on) => {
  for (const { text } of on("last_span")) {
    trace
      .getTracer("canary")
      .startSpan("last", { attributes: { "app.note": text } })
      .end();
  }
};

/** A tracestate with the secret in one member and the marker in another. */
function members({ kind, secret, marker }) {
  return `${kind}=${secret},note=${marker}`;
}

module.exports = { plantSpans, members };
