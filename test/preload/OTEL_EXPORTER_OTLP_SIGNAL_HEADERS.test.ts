import { expect, test } from "vitest";
import { once, sent, SIGNALS, told } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_<SIGNAL>_HEADERS are added to those of all, for its signal", async () => {
  const own = SIGNALS.map((signal) => [
    `OTEL_EXPORTER_OTLP_${signal}_HEADERS`,
    `x-signal=${signal.toLowerCase()}`,
  ]);
  const { requests } = await sent({
    env: { ...Object.fromEntries(own), OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=a" },
  });
  const got = requests.map(({ path, headers }) => [path, headers["x-tenant"], headers["x-signal"]]);
  expect(got.toSorted()).toEqual([
    ["/v1/logs", "a", "logs"],
    ["/v1/metrics", "a", "metrics"],
    ["/v1/traces", "a", "traces"],
  ]);
});

test("a wrong OTEL_EXPORTER_OTLP_LOGS_HEADERS is one sentence that does not repeat it", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_LOGS_HEADERS", "x-key=Sup3rS3cret%")).toEqual(
    once(
      "OTEL_EXPORTER_OTLP_LOGS_HEADERS is not valid (value not shown); use name=value pairs separated by commas, with commas, semicolons and % in a value percent-encoded. It is ignored.",
    ),
  );
});
