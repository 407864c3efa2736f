import { createServer } from "node:http";
import { expect, test } from "vitest";
import { freePort } from "../support/port.ts";
import { waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";
import { once, sent, told } from "./sent.ts";

test("OTEL_EXPORTER_PROMETHEUS_PORT is the port of /metrics", async () => {
  const port = await freePort();
  await using application = await startApplication({
    file: "metrics.cjs",
    env: {
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    },
  });
  const text = await waitFor(async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), {
    what: `/metrics on port ${port}`,
  });
  await application.stop();
  expect(text).toContain("shop_orders_total");
});

test("it is 9464 by default; a port in use is one sentence that names it, and the application runs", async () => {
  const taken = createServer();
  // Whoever has it, it is in use.
  await new Promise<void>((resolve) => {
    taken.once("error", () => resolve()).listen(9464, "127.0.0.1", resolve);
  });
  const { code, said } = await sent({ env: { OTEL_METRICS_EXPORTER: "prometheus" } });
  taken.close();
  expect({ code, said }).toEqual({
    code: 0,
    said: [
      "ASSAY_EXPORT: port 9464 on 127.0.0.1 is in use, so /metrics is not served; set OTEL_EXPORTER_PROMETHEUS_PORT to a free port, or 0 for any.",
    ],
  });
});

test("a wrong OTEL_EXPORTER_PROMETHEUS_PORT is one sentence", async () => {
  expect(await told("OTEL_EXPORTER_PROMETHEUS_PORT", "99999")).toEqual(
    once(
      'OTEL_EXPORTER_PROMETHEUS_PORT is "99999"; use a port from 0 to 65535 (0 takes any free one). Assay uses 9464.',
    ),
  );
});
