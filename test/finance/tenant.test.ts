import { join } from "node:path";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

test("spans and log records of work for a tenant and a user carry both, no other span does, and no metric", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await spawnService({
    name: "tenant.cjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "tenant.cjs")],
    cwd: import.meta.dirname,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ASSAY_START_LINE: "false" },
  });
  const exit = await application.exited;
  expect({ ...exit, output: application.output() }).toEqual({ code: 0, signal: null, output: "" });

  const seen = receiver.spans().map(({ name, kind, attributes }) => ({
    span: `${name} ${kind}`,
    tenant: attributes["finance.tenant.id"],
    tier: attributes["finance.customer.tier"],
    hasUser: "user.id" in attributes,
  }));
  const his = { tenant: "org_42", tier: "business", hasUser: true };
  const none = { tenant: undefined, tier: undefined, hasUser: false };
  expect(seen).toHaveLength(5);
  expect(seen).toEqual(
    expect.arrayContaining([
      { span: "quote 1", ...his },
      { span: "GET 3", ...his },
      { span: "GET 2", ...none },
      { span: "GET 3", ...none },
    ]),
  );
  const records = receiver
    .logs()
    .map(({ body, attributes }) => [body, attributes["finance.tenant.id"]]);
  expect(records).toEqual(
    expect.arrayContaining([
      ["quoted", "org_42"],
      ["finance.operation.completed", "org_42"],
    ]),
  );
  const sent = JSON.stringify(receiver.requests.map(({ body }) => body));
  expect(sent).not.toContain("usr_7");
  const labels = receiver
    .metrics()
    .flatMap(({ points }) => points.map(({ attributes }) => attributes));
  expect(labels.length).toBeGreaterThan(0);
  expect(labels.filter((each) => "finance.tenant.id" in each || "user.id" in each)).toEqual([]);
});
