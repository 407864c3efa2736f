import { join } from "node:path";
import { expect, test } from "vitest";
import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { startPostgres } from "../support/postgres.ts";
import { spawnService } from "../support/process.ts";

interface Total {
  outcome: string;
  domain: string | null;
  count: number;
  amountMinor: string;
}

/** The last export's series of a counter that are above zero, by two labels. */
function counted(receiver: OtlpReceiver, name: string, labels: readonly string[]) {
  const last = receiver.metrics().findLast((metric) => metric.name === name);
  const series = (last?.points ?? []).map(({ attributes, value }): [string, number] => [
    labels.map((label) => String((attributes[label] as string | undefined) ?? null)).join(" "),
    value!,
  ]);
  return Object.fromEntries(series.filter(([, value]) => value > 0));
}

test("the metrics of a scripted day equal its ledger, to the payment and to the minor unit", async () => {
  await using receiver = await startOtlpReceiver();
  await using postgres = await startPostgres();
  await using day = await spawnService({
    name: "day.mjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "day.mjs"), postgres.url],
    cwd: import.meta.dirname,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: "http",
      ASSAY_START_LINE: "false",
    },
  });
  const { code } = await day.exited;
  expect({ code, stderr: day.output("stderr") }).toEqual({ code: 0, stderr: "" });
  const { rows, waited, open } = JSON.parse(day.output("stdout")) as {
    rows: Total[];
    waited: number;
    open: number;
  };

  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(1_000);
  const labels = ["finance.outcome", "finance.failure.domain"];
  const ledger = Object.fromEntries(
    rows.map(({ outcome, domain, count }) => [`${outcome} ${domain}`, count]),
  );
  expect(counted(receiver, "finance.payment.transactions", labels)).toEqual(ledger);
  const revenue = rows.find(({ outcome }) => outcome === "completed")?.amountMinor;
  expect(counted(receiver, "finance.payment.amount.minor", ["finance.currency.code"])).toEqual({
    KES: Number(revenue),
  });

  // Every payment that a callback never came for was settled by asking.
  expect({ waited: waited > 0, open }).toEqual({ waited: true, open: 0 });
  const spans = receiver.spans();
  const initiations = spans.filter(({ name }) => name === "initiate collection");
  const settlements = spans.filter(({ name }) => name === "settle collection");
  expect(initiations).toHaveLength(1_000);
  const byId = new Map(initiations.map((span) => [span.attributes["finance.payment.id"], span]));
  for (const { attributes, links, traceId } of settlements) {
    const initiation = byId.get(attributes["finance.payment.id"])!;
    expect(links.map((link) => link.spanId)).toEqual([initiation.spanId]);
    expect(traceId).not.toBe(initiation.traceId);
  }
  const blamed = new Set(
    spans
      .filter(({ status }) => status.code === 2)
      .map(({ attributes }) => attributes["finance.failure.domain"]),
  );
  expect([...blamed].toSorted()).toEqual(["network", "provider"]);
});
