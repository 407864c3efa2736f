import { expect, test } from "vitest";
import { newTraceId, logRequest, sendOtlp, traceRequest } from "../support/otlp-sender.ts";
import { startPipeline } from "./pipeline.ts";

// No detector finds any of these values: only the key says what they are.
const SECRETS = {
  "finance.card.cvv": "seven-three-one",
  "finance.card.holder.name": "J Doe",
  "mpesa.passkey": "no pattern",
  "user.full_name": "Jane Doe",
  "db.query.parameter.0": "Jane",
};
const PERSONS = { "finance.customer.id": "cus_01H", "user.id": "usr_01H" };
const KEPT = {
  "finance.card.brand": "visa",
  "finance.payment.id": "pay_01HZX",
  "db.query.text": "SELECT $1",
};
const ALL = { ...SECRETS, ...PERSONS, ...KEPT };

const NETS = [
  { config: "single.yaml", marker: "[id]" },
  { config: "contrib.yaml", marker: "****" },
];

test.each(NETS)(
  "$config removes and masks attributes by what the registry says of their keys",
  async ({ config, marker }) => {
    await using pipeline = await startPipeline({ config });
    const left = { "finance.customer.id": marker, "user.id": marker, ...KEPT };
    const span = newTraceId();
    const log = newTraceId();
    const events = [{ name: "paid", attributes: ALL }];
    const source = {
      resource: { "service.name": "denied-keys", ...ALL },
      scope: { name: "lib", attributes: ALL },
    };
    const traces = traceRequest(
      [{ traceId: span, error: "failed", attributes: ALL, events }],
      source,
    );
    await sendOtlp(pipeline.collector.otlpUrl, "traces", traces);
    await sendOtlp(
      pipeline.collector.otlpUrl,
      "logs",
      logRequest([{ traceId: log, attributes: ALL }]),
    );
    const sent = await pipeline.bridge.waitForSpan(({ traceId }) => traceId === span);
    const logged = await pipeline.bridge.waitForLog(({ traceId }) => traceId === log);

    expect({
      span: sent.attributes,
      event: sent.events[0]?.attributes,
      resource: sent.resource,
      scope: sent.scope.attributes,
      log: logged.attributes,
    }).toEqual({
      span: left,
      event: left,
      resource: { "service.name": "denied-keys", ...left },
      scope: left,
      log: left,
    });
  },
);
