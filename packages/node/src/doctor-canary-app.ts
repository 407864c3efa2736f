// Run by the doctor under the preload: puts what it is given on every signal, with a marker that is to arrive.
import { context, logs, metrics, ROOT_CONTEXT, trace } from "@opentelemetry/api";

const planted = JSON.parse(process.env["ASSAY_DOCTOR_CANARY"] ?? "{}") as Record<string, string>;
const marker = "assay-doctor-marker";

const tracer = trace.getTracer(marker);
const logger = logs.getLogger(marker);
const counter = metrics.getMeter(marker).createCounter("assay.doctor.canary");
for (const value of Object.values(planted)) {
  const span = tracer.startSpan(
    `paid with ${value}`,
    { attributes: { note: value } },
    ROOT_CONTEXT,
  );
  span.setAttribute("payment", { nested: [`by ${value}`] });
  span.addEvent(`event ${value}`, { detail: `of ${value}` });
  span.recordException(new Error(`refused ${value}`));
  span.setStatus({ code: 2, message: `refused ${value}` });
  logger.emit({
    body: `paid with ${value}`,
    attributes: { note: value, nested: { deep: `by ${value}` } },
    context: trace.setSpan(context.active(), span),
  });
  counter.add(1, { note: value });
  span.end();
}
