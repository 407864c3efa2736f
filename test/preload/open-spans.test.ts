import { expect, test } from "vitest";
import { startOtlpReceiver, type Span } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

async function spansOf(way: string): Promise<Span[]> {
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "open.cjs",
    args: [way],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
  });
  return receiver.spans();
}

test("spans that are open at a crash end with its exception, redacted like all else", async () => {
  const spans = await spansOf("a throw with a card number");
  expect(spans.map(({ name }) => name).toSorted()).toEqual(["one", "other"]);
  for (const { status, events, attributes } of spans) {
    expect(attributes).toEqual({ "assay.span.ended_by": "uncaught_exception" });
    expect(status.code).toBe(2);
    expect(events).toMatchObject([
      { name: "exception", attributes: { "exception.type": "CardRefused" } },
    ]);
    const all = JSON.stringify({ status, events });
    expect(all).toContain("refused");
    expect(all).not.toMatch(/4111[ ]?1111/);
  }
});

test("an exception that the application recorded before it threw it is there once", async () => {
  const [span] = await spansOf("a throw that is recorded");
  expect(span?.events).toHaveLength(1);
  expect(span?.status).toEqual({ code: 2, message: "recorded and thrown" });
});

test("a crash over what cannot be read still ends the open span with an error", async () => {
  const [span] = await spansOf("a throw of what cannot be read");
  expect(span).toMatchObject({ name: "unreadable", status: { code: 2 } });
});

test("a span that is open while the application handles an exception goes on", async () => {
  const [span] = await spansOf("a throw that is handled");
  expect(span).toMatchObject({ name: "handled", attributes: {}, status: { code: 0 }, events: [] });
});

test("a worker thread has the instance id of its process, and its own thread id", async () => {
  const spans = await spansOf("a thread");
  const threads = new Map(spans.map(({ name, resource }) => [name, resource]));
  expect([...threads.keys()].toSorted()).toEqual(["thread 0", "thread 1"]);
  const [main, worker] = [threads.get("thread 0")!, threads.get("thread 1")!];
  expect(worker["service.instance.id"]).toBe(main["service.instance.id"]);
  expect([main["thread.id"], worker["thread.id"]]).toEqual([undefined, 1]);
});
