import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { runApplication } from "./application.ts";

type Seen = Record<string, Record<string, string>>;

test("listeners of a request run in its context, whoever used the connection before", async () => {
  await using receiver = await startOtlpReceiver();
  const { output } = await runApplication({
    file: "contexts.cjs",
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
  });
  const seen = JSON.parse(output) as Seen;
  const spans = receiver.spans();
  const expected = Object.fromEntries(
    Object.entries(seen).map(([request, events]) => {
      const [whose = "", path = ""] = request.split(" ");
      const span = spans.find(({ name, kind, attributes }) =>
        whose === "served"
          ? kind === 2 && attributes["url.path"] === path
          : name === `caller of ${path}`,
      );
      const keys = Object.keys(events);
      return [request, Object.fromEntries(keys.map((event) => [event, span?.spanId]))];
    }),
  );
  expect(seen).toEqual(expected);
  expect(Object.keys(seen).length).toBe(8);
  expect(seen["made /dropped"]).toHaveProperty("error");
  expect(seen["served /dropped"]).toHaveProperty("response close");
});

test("a request that came by no socket is served, and has a span", async () => {
  await using receiver = await startOtlpReceiver();
  const { code, output } = await runApplication({
    file: "handed.cjs",
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
  });
  const paths = receiver.spans().map(({ attributes }) => attributes["url.path"]);
  expect({ code, paths }).toEqual({ code: 0, paths: ["/handed"] });
  // What is no request is told, and goes on to the application.
  expect(output).toMatch(
    /^(?:ASSAY_OTEL: error a request could not be observed .*\n(?: {4}at .*\n)*)?$/,
  );
});
