import { expect, test } from "vitest";
import { newTraceId, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { startStack } from "../support/stack.ts";
import { waitFor } from "../support/wait.ts";

test("one failed payment is one trace id in Jaeger, in Prometheus and on the issue in bugsink", async () => {
  await using stack = await startStack();
  const { collector, jaeger, prometheus, bugsink } = stack;
  const traceId = newTraceId();
  await sendOtlp(
    collector.otlpUrl,
    "traces",
    traceRequest(
      [
        {
          traceId,
          name: "POST /stk",
          error: "the provider answered 500",
          events: [
            {
              name: "exception",
              attributes: {
                "exception.type": "ProviderError",
                "exception.message": "the provider answered 500",
                "exception.stacktrace":
                  "ProviderError: the provider answered 500\n    at push (/app/stk.js:7:9)",
              },
            },
          ],
        },
      ],
      { resource: { "service.name": "stack-test" } },
    ),
  );

  const [trace, exemplar, issue] = await Promise.all([
    jaeger.waitForTrace(traceId),
    prometheus.waitForExemplar(
      `traces_span_metrics_duration_seconds_bucket{service_name="stack-test",status_code="STATUS_CODE_ERROR"}`,
      traceId,
    ),
    bugsink.waitForIssue((each) => each.calculated_type === "ProviderError"),
  ]);
  const [event] = await waitFor(() => bugsink.events(issue.id), { what: "the issue's event" });

  expect([trace.traceID, exemplar.labels.trace_id, event?.data.contexts?.trace?.trace_id]).toEqual([
    traceId,
    traceId,
    traceId,
  ]);
  expect(issue.digested_event_count).toBe(1);
});
