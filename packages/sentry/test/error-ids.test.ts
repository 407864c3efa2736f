import { expect, test } from "vitest";
import { createErrorBridge } from "../src/bridge-server.ts";
import { type Attributes, attributesOf, EXCEPTION, send, TRACE, traces } from "./otlp-body.ts";
import { sentryServer } from "./sentry-server.ts";

const ID = "0f6b2f3f0e5a4c55b1a7a2b8d1c9e3f4";
const CARRIED = { ...EXCEPTION, "assay.error.id": ID };

function record(attributes: Attributes, severityNumber = 17, traceId = TRACE): string {
  const logRecord = {
    traceId,
    spanId: "00f067aa0ba902b7",
    timeUnixNano: "1763720130123456789",
    severityNumber,
    attributes: attributesOf(attributes),
  };
  return JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [logRecord] }] }] });
}

async function bridged(
  ...requests: ["traces" | "logs", string][]
): Promise<(string | undefined)[]> {
  await using server = await sentryServer();
  await using bridge = await createErrorBridge({ dsn: server.dsn, port: 0, waitMs: 0 });
  for (const [signal, body] of requests) await send(bridge.url, `/v1/${signal}`, body);
  return server.events().map(({ event_id: id }) => id);
}

test("an error in a log record, on a span and in a line of its text is one event, with the id that it carries", async () => {
  const span = traces({ spanId: "00f067aa0ba902b7", exception: CARRIED });
  // A logger calls the type by its class, where a span event has its code.
  const line = record({ ...EXCEPTION, "exception.type": "ECONNREFUSED" });
  expect(await bridged(["logs", record(CARRIED)], ["traces", span], ["logs", line])).toEqual([ID]);
});

test("the same text with another id in another trace is another event", async () => {
  const other = { ...CARRIED, "assay.error.id": ID.replace("0", "1") };
  const elsewhere = record(other, 17, "5bf92f3577b34da6a3ce929d0e0e4736");
  expect(await bridged(["logs", record(CARRIED)], ["logs", elsewhere])).toEqual([
    ID,
    other["assay.error.id"],
  ]);
});

test("what carries no id of 32 hex digits has the id of its text", async () => {
  const ids = await bridged(["logs", record({ ...CARRIED, "assay.error.id": "4111" })]);
  expect(ids).toEqual([expect.stringMatching(/^(?!4111)[0-9a-f]{32}$/)]);
});

test("a customer's own failure is no event", async () => {
  const domain = { "finance.failure.domain": "customer" };
  const span = traces({
    spanId: "00f067aa0ba902b7",
    exception: CARRIED,
    attributes: domain,
  });
  expect(await bridged(["traces", span], ["logs", record({ ...CARRIED, ...domain })])).toEqual([]);
});
