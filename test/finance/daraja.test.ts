import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { type Metric, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

/** A Daraja that forgets each token after its first use, tells a limit, and answers a push for "silent" never. */
async function startDaraja() {
  const headers: IncomingMessage["headers"][] = [];
  const routes: string[] = [];
  const fresh = new Set<string>();
  let given = 0;
  const server = createServer(async (request, response) => {
    const body = await text(request);
    headers.push(request.headers);
    const path = new URL(request.url ?? "/", "http://daraja").pathname;
    routes.push(path.split("/").at(-1) ?? "");
    const answer = (status: number, json: object): void => {
      response.writeHead(status, {
        "content-type": "application/json",
        "ratelimit-policy": '"spike";q=10;w=3600',
        ratelimit: '"spike";r=4;t=3600',
      });
      response.end(JSON.stringify(json));
    };
    if (path === "/oauth/v1/generate") {
      given += 1;
      fresh.add(`Bearer canary-token-${given}`);
      return answer(200, { access_token: `canary-token-${given}`, expires_in: "3599" });
    }
    if (!fresh.delete(request.headers.authorization ?? "")) {
      return answer(401, { errorCode: "404.001.03", errorMessage: "Invalid canary-token" });
    }
    if (path.endsWith("/query")) {
      const errorMessage = "The transaction is being processed";
      return answer(500, { errorCode: "500.001.1001", errorMessage });
    }
    const { AccountReference: reference } = JSON.parse(body) as { AccountReference: string };
    if (reference === "silent") return undefined;
    return answer(200, {
      MerchantRequestID: `29115-${reference}`,
      CheckoutRequestID: `ws_CO_${reference}`,
      ResponseCode: "0",
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    headers,
    routes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function series(metrics: readonly Metric[], name: string, labels: readonly string[]) {
  const points = metrics.findLast((metric) => metric.name === name)?.points ?? [];
  return Object.fromEntries(
    points.map(({ attributes, value, count }) => [
      labels.map((label) => (attributes[label] as string | undefined) ?? "-").join(" "),
      value ?? count,
    ]),
  );
}

test("a day with Daraja tells how each call ended, and no credential, token or phone number", async () => {
  await using receiver = await startOtlpReceiver();
  await using daraja = await startDaraja();
  await using application = await spawnService({
    name: "daraja.mjs",
    command: process.execPath,
    args: [
      "--require",
      "@assay/node/register",
      join(import.meta.dirname, "daraja.mjs"),
      daraja.url,
    ],
    cwd: import.meta.dirname,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ASSAY_START_LINE: "false" },
  });
  const exit = await application.exited;
  expect({ ...exit, lines: application.output().trim().split("\n") }).toEqual({
    code: 0,
    signal: null,
    lines: [
      "DarajaError: Daraja did not answer stk_push (TimeoutError); whether it was carried out is not known",
      '{"open":"open"}',
      '429 "api_per_tenant";q=100;w=60 0',
    ],
  });

  const spans = receiver.spans();
  const calls = spans.filter(({ name }) => name.startsWith("safaricom "));
  const ended = calls.map(
    ({ name, attributes, status }) =>
      `${name} ${attributes["finance.outcome"] as string} ${status.code}`,
  );
  expect(ended.toSorted()).toEqual([
    "safaricom stk_push completed 0",
    "safaricom stk_push completed 0",
    "safaricom stk_push unknown 2",
    "safaricom stk_query completed 0",
    ...Array<string>(4).fill("safaricom token completed 0"),
  ]);
  // One client's span for each request that came to Daraja, below the call that sent it.
  const port = Number(new URL(daraja.url).port);
  const requests = spans.filter(
    ({ kind, attributes }) => kind === 3 && attributes["server.port"] === port,
  );
  const names = new Map(calls.map(({ spanId, name }) => [spanId, name]));
  expect(requests.map(({ parentSpanId = "" }) => names.get(parentSpanId)).toSorted()).toEqual(
    daraja.routes
      .map((route) =>
        route === "generate" ? "token" : route === "query" ? "stk_query" : "stk_push",
      )
      .map((flow) => `safaricom ${flow}`)
      .toSorted(),
  );
  expect(daraja.routes).toHaveLength(11);

  const metrics = receiver.metrics();
  const provider = "finance.provider.name";
  expect(
    series(metrics, "finance.provider.call.duration", [
      provider,
      "finance.provider.operation.name",
      "finance.outcome",
      "finance.failure.domain",
      "error.type",
    ]),
  ).toEqual({
    "safaricom stk_push completed - -": 2,
    "safaricom stk_push unknown network DARAJA_SILENT": 1,
    "safaricom stk_query completed - -": 1,
    "safaricom token completed - -": 4,
  });
  expect(
    series(metrics, "finance.provider.token.refreshes", [
      provider,
      "finance.outcome",
      "error.type",
    ]),
  ).toEqual({
    "safaricom completed -": 4,
    "safaricom failed DARAJA_REFUSED": 0,
    "safaricom failed DARAJA_SILENT": 0,
    "safaricom failed DARAJA_UNREACHABLE": 0,
  });
  const { safaricom: left } = series(metrics, "finance.provider.token.ttl", [provider]);
  expect(Math.round(Number(left) / 100)).toBe(36);
  const policy = "finance.rate_limiting.policy.name";
  expect(series(metrics, "finance.rate_limiting.utilization", [provider, policy])).toEqual({
    "safaricom spike": 0.6,
  });
  expect(
    series(metrics, "finance.rate_limiting.hits", [
      policy,
      "finance.rate_limiting.outcome",
      "finance.rate_limiting.scope",
      "finance.tenant.tier",
      "finance.tenant.id",
    ]),
  ).toEqual({
    "api_per_tenant rejected tenant standard -": 1,
    "api_per_tenant delayed tenant standard -": 0,
  });
  const outcomes = series(metrics, "finance.payment.transactions", [
    "finance.outcome",
    "finance.failure.domain",
  ]);
  expect(Object.fromEntries(Object.entries(outcomes).filter(([, count]) => count !== 0))).toEqual({
    "completed -": 1,
    "cancelled customer": 1,
  });

  const sent = receiver.requests.map(({ bytes }) => bytes.toString()).join("\n");
  // The tenant's id is on spans on purpose.
  expect(sent.replaceAll("org_canary", "")).not.toMatch(/canary|254712345678|712345678/);
  for (const { authorization } of daraja.headers) {
    const [, credential = ""] = authorization?.split(" ") ?? [];
    expect(credential).not.toBe("");
    expect(sent).not.toContain(credential);
  }
});
