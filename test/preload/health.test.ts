import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import type { Service } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";

interface Told {
  status: string;
  signals: { traces?: Record<string, unknown> };
}

function urlOf(application: Service): string {
  const [, port = ""] = /serving on (\d+)/.exec(application.output("stdout")) ?? [];
  return `http://127.0.0.1:${port}`;
}

test.each(["http", "express", "fastify"])(
  "under %s health is answered without a span, and other requests have theirs",
  async (framework) => {
    await using receiver = await startOtlpReceiver();
    await using application = await startApplication({
      file: "health.cjs",
      args: [framework],
      env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: "none" },
      ready: /serving on \d+/,
    });
    const url = urlOf(application);
    const paths = ["/livez", "/readyz", "/health", "/health/detailed", "/health/telemetry"];
    const statuses: number[] = [];
    for (const path of paths) statuses.push((await fetch(`${url}${path}`)).status);
    const { checks } = (await (await fetch(`${url}/health/detailed`)).json()) as {
      checks: { bank: { message: string } };
    };
    expect(checks.bank.message).toBe("refused card 411111******1111");
    const paid = await fetch(`${url}/pay`);
    await receiver.waitForSpan(({ kind }) => kind === 2);
    await application.stop();
    const spans = receiver.spans().filter(({ kind }) => kind === 2);
    expect({ statuses, body: await paid.text(), paths: spans.map(pathOf) }).toEqual({
      statuses: [200, 200, 200, 200, 200],
      body: "paid",
      paths: ["/pay"],
    });
  },
);

function pathOf({ attributes }: { attributes: Record<string, unknown> }): unknown {
  return attributes["url.path"] ?? attributes["http.target"];
}

test("with the Collector away telemetry is degraded and the service ready, until it is back", async () => {
  await using receiver = await startOtlpReceiver();
  receiver.respondWith(503);
  await using application = await startApplication({
    file: "health.cjs",
    args: ["http"],
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      OTEL_BSP_SCHEDULE_DELAY: "10",
    },
    ready: /serving on \d+/,
  });
  const url = urlOf(application);
  const told = async (): Promise<Told> =>
    (await (await fetch(`${url}/health/telemetry`)).json()) as Told;
  await (await fetch(`${url}/pay`)).text();
  const away = await waitFor(
    async () => {
      const answer = await told();
      return answer.status === "degraded" && answer.signals.traces?.["held"] === 1 && answer;
    },
    { what: "telemetry to be degraded" },
  );
  const ready = await fetch(`${url}/readyz`);
  receiver.respondWith(200);
  const back = await waitFor(
    async () => {
      const answer = await told();
      return answer.status === "healthy" && answer;
    },
    { what: "telemetry to be healthy again" },
  );
  expect({ away: away.signals, ready: ready.status, back: back.signals }).toMatchObject({
    away: {
      traces: { held: 1, delivered: 0, failing_for_ms: expect.any(Number), dropped: 0 },
    },
    ready: 200,
    back: {
      traces: {
        held: 0,
        delivered: 1,
        failing_for_ms: null,
        last_delivery_age_ms: expect.any(Number),
      },
    },
  });
});
