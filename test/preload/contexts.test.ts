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
