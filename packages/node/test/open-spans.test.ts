import { type Span, TracerProvider } from "@opentelemetry/sdk-trace";
import { expect, test } from "vitest";
import { createOpenSpans } from "../src/open-spans.ts";

function register() {
  const open = createOpenSpans();
  const ended: string[] = [];
  const provider = new TracerProvider({
    spanProcessors: [
      open.processor,
      {
        onStart() {},
        onEnd: ({ name }) => void ended.push(name),
        forceFlush: async () => {},
        shutdown: async () => {},
      },
    ],
  });
  const tracer = provider.getTracer("test");
  return { open, ended, begin: (name: string): Span => tracer.startSpan(name) as Span };
}

test("what is still open ends, the newest first, and what has ended does not end again", () => {
  const { open, ended, begin } = register();
  begin("outer");
  begin("done").end();
  begin("inner");
  open.endAll({ by: "process_exit" });
  open.endAll({ by: "process_exit" });
  expect(ended).toEqual(["done", "inner", "outer"]);
});

test("more open spans than are held as they are all end", () => {
  const { open, ended, begin } = register();
  const all = Array.from({ length: 5_000 }, (_, index) => begin(`open ${index}`));
  all[7]?.end();
  open.endAll({ by: "signal" });
  expect(new Set(ended).size).toBe(all.length);
  expect(ended).toHaveLength(all.length);
});
