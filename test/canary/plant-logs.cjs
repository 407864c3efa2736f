const { SeverityNumber, logs } = require("@opentelemetry/api");

/** Plants canaries on everything that a log record has. They are errors, so that they also take the error route. */
function plantLogs(on) {
  const logger = logs.getLogger("canary");
  const emit = (record) =>
    logger.emit({ severityNumber: SeverityNumber.ERROR, severityText: "ERROR", ...record });

  for (const { text } of on("log_body")) emit({ body: text });
  for (const { text, key, secret } of on("log_body_map")) {
    emit({ body: { note: text, customer: { details: [{ [key]: secret }] } } });
  }
  for (const { json } of on("log_body_json")) emit({ body: json });
  for (const { text } of on("log_body_bytes")) emit({ body: Buffer.from(text) });
  for (const { text } of on("log_key")) emit({ body: "noted", attributes: { [text]: "on" } });
  for (const { text, key, secret } of on("log_attribute")) {
    emit({ body: "noted", attributes: { note: text, [key]: secret } });
  }
  for (const { text, key, secret } of on("log_attribute_map")) {
    emit({
      body: "noted",
      attributes: { "app.request": { note: text, details: [{ [key]: secret }] } },
    });
  }
  for (const { text } of on("log_event_name")) emit({ eventName: text, body: "noted" });
  for (const { text } of on("log_severity")) emit({ severityText: text, body: "noted" });
  for (const { text } of on("log_exception")) {
    emit({ body: "failed", exception: new Error(text, { cause: new RangeError(text) }) });
  }
  for (const { text } of on("log_exception_attributes")) {
    emit({
      body: "failed",
      attributes: {
        "exception.type": "ChargeError",
        "exception.message": text,
        "exception.stacktrace": `ChargeError: ${text}\n    at charge (/srv/pay/app.js:1:1)`,
      },
    });
  }
  for (const { text, compact } of on("log_scope")) {
    logs.getLogger(text, compact, { attributes: { note: text } }).emit({ body: "scoped" });
  }
}

module.exports = { plantLogs };
