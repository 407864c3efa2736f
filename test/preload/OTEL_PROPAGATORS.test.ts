import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";

test("OTEL_PROPAGATORS says what is read and written between services", async () => {
  // Of baggage nothing leaves unless an entry says so.
  const env = { ASSAY_PROPAGATE_TO: "127.0.0.1=trace+baggage.app.zone" };
  const [baggage, none, byDefault] = await Promise.all([
    sent({ file: "propagates.cjs", env: { ...env, OTEL_PROPAGATORS: "baggage" } }),
    sent({ file: "propagates.cjs", env: { ...env, OTEL_PROPAGATORS: "none" } }),
    sent({ file: "propagates.cjs", env }),
  ]);
  const seen = [baggage, none, byDefault].map(({ spans: [span] }) => [
    span?.traceId === TRACE,
    span?.attributes["app.written"],
  ]);
  expect(seen).toEqual([
    [false, "baggage"],
    [false, ""],
    [true, "traceparent,baggage"],
  ]);
});

test("a wrong OTEL_PROPAGATORS is one sentence", async () => {
  expect(await told("OTEL_PROPAGATORS", "jaeger")).toEqual(
    once(
      'OTEL_PROPAGATORS is "jaeger"; use a list of tracecontext, baggage and sentry, or none. Assay uses tracecontext,baggage,sentry.',
    ),
  );
});
