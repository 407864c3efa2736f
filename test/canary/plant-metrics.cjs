const { metrics } = require("@opentelemetry/api");

/** Plants canaries on everything that a metric has. */
function plantMetrics(on) {
  const meter = metrics.getMeter("canary");
  const payments = meter.createCounter("canary.payments");
  // The console prints a hundred points of one metric, so the forms have metrics of their own.
  const counterOf = ({ form }) =>
    form === undefined ? payments : meter.createCounter(`canary.${form.replaceAll(/\W/g, ".")}`);
  for (const canary of on("metric_attribute")) counterOf(canary).add(1, { note: canary.text });
  for (const { key, secret, marker } of on("metric_named"))
    payments.add(1, { note: marker, [key]: secret });
  for (const canary of on("metric_key")) counterOf(canary).add(1, { [canary.text]: "on" });

  const duration = meter.createHistogram("canary.duration", { unit: "s" });
  for (const { text } of on("metric_histogram")) duration.record(0.2, { note: text });

  // Letters, digits, and `_`, `.`, `-`, `/` are allowed in a name.
  for (const { marker, secret } of on("metric_name"))
    meter.createCounter(`${marker}/${secret}`).add(1);
  for (const [index, { text }] of on("metric_description").entries()) {
    meter.createCounter(`canary.described.${index}`, { description: text }).add(1);
  }
  for (const [index, { compact }] of on("metric_unit").entries()) {
    meter.createCounter(`canary.measured.${index}`, { unit: compact }).add(1);
  }
  // Not a name, which the SDK says in its own log.
  for (const { text } of on("diagnostic_sdk")) meter.createCounter(text);
  for (const [index, { text, compact }] of on("metric_scope").entries()) {
    metrics.getMeter(text, compact).createCounter(`canary.scoped.${index}`).add(1);
  }
}

module.exports = { plantMetrics };
