import { Agent } from "node:http";
import { expect, test } from "vitest";
import { ask, METRICS, refusal, serve, unserved } from "./scrape.ts";

test("ASSAY_PROMETHEUS_OPEN=true serves it to anyone, and a scraper's open connection holds no process", async () => {
  await using endpoint = await serve(
    { OTEL_EXPORTER_PROMETHEUS_HOST: "0.0.0.0", ASSAY_PROMETHEUS_OPEN: "true" },
    "metrics-ends.cjs",
  );
  const agent = new Agent({ keepAlive: true });
  expect(await ask(endpoint.url.replace("0.0.0.0", "127.0.0.1"), { agent })).toEqual(METRICS);
  const ended = await (endpoint as unknown as { exited: Promise<object> }).exited;
  agent.destroy();
  expect(ended).toEqual({ code: 0, signal: null });
});

test.each(["0.0.0.0", "::"])("without it, %s is one sentence, and no /metrics", async (host) => {
  expect(await unserved({ OTEL_EXPORTER_PROMETHEUS_HOST: host })).toEqual(
    refusal(
      `OTEL_EXPORTER_PROMETHEUS_HOST is "${host}", where anyone who reaches it could read the metrics; use ASSAY_PROMETHEUS_TOKEN_FILE, ASSAY_PROMETHEUS_CLIENT_CA_FILE, or ASSAY_PROMETHEUS_OPEN=true.`,
    ),
  );
});
