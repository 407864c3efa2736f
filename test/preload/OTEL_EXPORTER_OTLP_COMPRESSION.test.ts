import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test.each(["normal", "exit"])(
  "OTEL_EXPORTER_OTLP_COMPRESSION=gzip holds at a(n) %s end; none by default",
  async (end) => {
    const [gzip, byDefault] = await Promise.all([
      sent({ file: "ends.cjs", args: [end], env: { OTEL_EXPORTER_OTLP_COMPRESSION: "gzip" } }),
      sent({ file: "ends.cjs", args: [end] }),
    ]);
    const encodings = [gzip, byDefault].map(
      ({ requests }) => new Set(requests.map(({ headers }) => headers["content-encoding"])),
    );
    expect(encodings).toEqual([new Set(["gzip"]), new Set([undefined])]);
    expect([gzip, byDefault].map(({ spans }) => spans.length)).toEqual([1, 1]);
  },
);

test("a wrong OTEL_EXPORTER_OTLP_COMPRESSION is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_OTLP_COMPRESSION", "zstd")).toEqual(
    once('OTEL_EXPORTER_OTLP_COMPRESSION is "zstd"; use gzip or none. Assay uses none.'),
  );
});
