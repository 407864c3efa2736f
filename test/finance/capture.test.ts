import { join } from "node:path";
import { expect, test } from "vitest";
import { type Bugsink, type BugsinkEvent, startBugsink } from "../support/bugsink.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { logRequest, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { spawnService } from "../support/process.ts";
import { startStack } from "../support/stack.ts";
import { waitFor } from "../support/wait.ts";

const CARD = "4111111111111111"; // in the message of the error

interface Found {
  eventId?: string | undefined;
  traceId?: string | undefined;
}

/** Runs the service to its end, and gives where it was told that its errors are. */
async function capture(env: Record<string, string>): Promise<Record<string, Found>> {
  await using service = await spawnService({
    name: "capture.cjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "capture.cjs")],
    cwd: import.meta.dirname,
    env: { ASSAY_START_LINE: "false", NODE_ENV: "production", SENTRY_DSN: undefined, ...env },
  });
  expect(await service.exited).toEqual({ code: 0, signal: null });
  return JSON.parse(service.output("stdout")) as Record<string, Found>;
}

/** What bugsink has of each of its issues but of the last ones, once those are there: what came before is there too. */
async function issuesOf(bugsink: Bugsink, lasts: ReadonlySet<string>): Promise<Event[]> {
  await waitFor(
    async () => {
      const values = new Set((await bugsink.issues()).map((issue) => issue.calculated_value));
      return [...lasts].every((last) => values.has(last));
    },
    { what: [...lasts].join(" and "), deadlineMs: 20_000 },
  );
  const issues = (await bugsink.issues()).filter(
    ({ calculated_value: value }) => !lasts.has(value),
  );
  const events = await Promise.all(issues.map(({ id }) => bugsink.events(id)));
  return events.flat().map(eventOf).toSorted(byMessage);
}

interface Event extends Found {
  message: string | undefined;
}

function eventOf({ event_id: id, data }: BugsinkEvent): Event & { level: unknown; tags: object } {
  const tags = Array.isArray(data.tags) ? data.tags : Object.entries(data.tags ?? {});
  return {
    eventId: id.replaceAll("-", ""),
    traceId: data.contexts?.trace?.trace_id,
    message: data.exception?.values?.at(-1)?.value,
    level: data["level"],
    tags: Object.fromEntries(tags.filter(([name]) => name.startsWith("finance."))),
  };
}

function byMessage(one: Event, other: Event): number {
  return one.message! < other.message! ? -1 : 1;
}

/** Fails on each way to Sentry through the Collector, after all that was sent before. */
async function failLast(otlpUrl: string): Promise<string[]> {
  const [span, record] = ["the last span", "the last record"];
  await sendOtlp(otlpUrl, "traces", traceRequest([{ name: "last", error: span }]));
  await sendOtlp(otlpUrl, "logs", logRequest([{ body: record, severityNumber: 17 }]));
  return [span, record];
}

function expected({ paid, hostile }: Record<string, Found>): object[] {
  const severity = { "finance.error.severity": "critical" };
  return [
    {
      ...hostile,
      message: "an error that cannot be read",
      level: "fatal",
      tags: { "finance.error.category": "compliance_issue", ...severity },
    },
    {
      ...paid,
      message: "no float for the card 411111******1111",
      level: "fatal",
      tags: {
        "finance.error.category": "payment_processing",
        ...severity,
        "finance.payment.id": "pay_1",
        "finance.provider.name": "safaricom",
      },
    },
  ];
}

test.each([
  ["sampled or not", "always_off"],
  ["by default", "parentbased_always_on"],
])(
  "an error that is captured, logged, captured again and thrown on is the one issue that the call told of, %s",
  async (_when, sampler) => {
    await using bugsink = await startBugsink();
    await using receiver = await startOtlpReceiver();
    const found = await capture({
      SENTRY_DSN: bugsink.dsn,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_TRACES_SAMPLER: sampler,
    });
    expect(found["again"]).toEqual(found["paid"]);
    expect(found["customer"]?.eventId).toBeUndefined();
    expect(await issuesOf(bugsink, new Set(["the last error"]))).toEqual(expected(found));
    expect(JSON.stringify(receiver.requests.map(({ body }) => body))).not.toContain(CARD);
    const served = receiver
      .spans()
      .filter(({ attributes }) => attributes["http.route"] === "/pay")
      .map(({ traceId }) => traceId);
    expect(served).toEqual(sampler === "always_off" ? [] : [found["paid"]?.traceId]);
  },
);

test.each([
  ["as log records", "otlp"],
  ["as failed spans where there are no log records", "none"],
])("through the Collector and the bridge it is the same one issue, %s", async (_how, logs) => {
  await using stack = await startStack();
  const { bugsink, collector } = stack;
  const found = await capture({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl,
    OTEL_LOGS_EXPORTER: logs,
  });
  const lasts = await failLast(collector.otlpUrl);
  const issues = await issuesOf(bugsink, new Set([...lasts, "the last error"]));
  expect(issues).toEqual(expected(found));
});
