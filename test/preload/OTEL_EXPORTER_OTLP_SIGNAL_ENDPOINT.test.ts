import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { sent, SIGNALS } from "./sent.ts";

test("OTEL_EXPORTER_OTLP_<SIGNAL>_ENDPOINT is the whole URL of its signal; that of all by default", async () => {
  await using own = await startOtlpReceiver();
  const all = await Promise.all(
    SIGNALS.map((signal) =>
      sent({
        env: { [`OTEL_EXPORTER_OTLP_${signal}_ENDPOINT`]: `${own.url}/v1/${signal.toLowerCase()}` },
      }),
    ),
  );
  const got = (requests: readonly { path: string }[]): string[] =>
    [...new Set(requests.map(({ path }) => path))].toSorted();
  expect(all.map(({ requests }) => got(requests))).toEqual([
    ["/v1/logs", "/v1/metrics"],
    ["/v1/logs", "/v1/traces"],
    ["/v1/metrics", "/v1/traces"],
  ]);
  expect(got(own.requests)).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
});

test.each(["normal", "exit"])(
  "a wrong one is told once and used by nobody: at a(n) %s end its spans go to that of all",
  async (end) => {
    const { said, spans } = await sent({
      file: "ends.cjs",
      args: [end],
      env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "ftp://127.0.0.1:1/v1/traces" },
    });
    expect({ said, spans: spans.length }).toEqual({
      said: [
        'ASSAY_CONFIG: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is "ftp://127.0.0.1:1/v1/traces"; use an http:// or https:// URL such as http://127.0.0.1:4318. It is ignored.',
      ],
      spans: 1,
    });
  },
);
