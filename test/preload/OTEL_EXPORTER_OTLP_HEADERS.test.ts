import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_HEADERS reach the Collector, also when the process exits; none by default", async () => {
  const [given, byDefault] = await Promise.all([
    sent({
      file: "ends.cjs",
      args: ["exit"],
      env: { OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=a%2Cb" },
    }),
    sent({ file: "ends.cjs", args: ["exit"] }),
  ]);
  const tenants = [given, byDefault].map(({ requests }) => requests.map(tenantOf));
  expect(tenants).toEqual([
    given.requests.map(() => "a,b"),
    byDefault.requests.map(() => undefined),
  ]);
  expect([given, byDefault].map(({ spans }) => spans.length)).toEqual([1, 1]);
});

function tenantOf({ headers }: { headers: Record<string, unknown> }): unknown {
  return headers["x-tenant"];
}

test("a wrong OTEL_EXPORTER_OTLP_HEADERS is one sentence that does not repeat it", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_HEADERS", "Sup3rS3cret")).toEqual(
    once(
      "OTEL_EXPORTER_OTLP_HEADERS is not valid (value not shown); use name=value pairs separated by commas, with commas, semicolons and % in a value percent-encoded. It is ignored.",
    ),
  );
});
