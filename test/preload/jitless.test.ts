import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

test("without WebAssembly it says so, and only values leave that are public by their key", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await spawnService({
    name: "an application under --jitless",
    command: process.execPath,
    args: [
      "--jitless",
      "--require",
      "@assay/node/register",
      "fixtures/customer.cjs",
      "cus_1",
      "254712345678",
    ],
    cwd: import.meta.dirname,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      OTEL_SERVICE_NAME: "fixture",
    },
  });
  expect(await application.exited).toEqual({ code: 0, signal: null });
  expect(application.output("stderr")).toMatch(/^ASSAY_START: there is no WebAssembly here/m);
  const [span] = receiver.spans();
  expect(span?.attributes).toEqual({
    "http.request.method": "POST",
    "[removed]": "[removed]",
  });
  expect(JSON.stringify(receiver.requests.map(({ body }) => body))).not.toMatch(
    /cus_1|254712345678/,
  );
});
