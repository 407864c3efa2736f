import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { startDaraja } from "../../examples/mpesa-mcp/src/daraja.ts";
import { expect, test } from "vitest";
import { runApplication } from "./application.ts";

const QUIET = { OTEL_METRICS_EXPORTER: "none", OTEL_LOGS_EXPORTER: "none" };

interface Callee extends AsyncDisposable {
  url: string;
  /** host:port, as the list has it. */
  host: string;
  received: { path: string; headers: IncomingHttpHeaders }[];
}

/** A service of ours. What is asked of it below /away, it sends on. */
async function startCallee(away = ""): Promise<Callee> {
  const received: Callee["received"] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    received.push({ path, headers: request.headers });
    if (path.startsWith("/away")) response.writeHead(302, { location: `${away}/redirected` });
    response.end("ok");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: `http://${host}`,
    host,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

const OURS = ["traceparent", "tracestate", "baggage", "sentry-trace", "b3"];

/** Of each request what telemetry put on it; a trace parent by its flags. */
function added({ received }: Pick<Callee, "received">): object[] {
  return received.map(({ path, headers }) => ({
    path,
    ...Object.fromEntries(
      OURS.filter((name) => name in headers).map((name) => [
        name,
        name === "traceparent" ? String(headers[name]).slice(-2) : headers[name],
      ]),
    ),
  }));
}

test("a Daraja that is denied by host and port gets no header, a callee that is allowed gets the trace and its baggage", async () => {
  await using daraja = await startDaraja();
  await using ledger = await startCallee(daraja.url);
  const { code, output } = await runApplication({
    file: "calls.cjs",
    args: [daraja.url, ledger.url, `${ledger.url}/away`],
    env: {
      ...QUIET,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
      ASSAY_PROPAGATE_TO: `!${new URL(daraja.url).host},${ledger.host}=trace+baggage.tier`,
      PROXY: ledger.url,
    },
  });
  expect({ code, output }).toMatchObject({ code: 0 });
  expect({ daraja: added(daraja), ledger: added(ledger) }).toEqual({
    // By http, by fetch, and by fetch that follows a redirection.
    daraja: [{ path: "/http" }, { path: "/fetch" }, { path: "/redirected" }],
    ledger: [
      { path: "/http", traceparent: "01", baggage: "tier=gold" },
      { path: "/fetch", traceparent: "01", baggage: "tier=gold" },
      { path: "/away/http", traceparent: "01", baggage: "tier=gold" },
      { path: "/away/fetch", traceparent: "01", baggage: "tier=gold" },
      // As a forward proxy it would hand the headers to somebody else.
      { path: "http://partner.example/proxied" },
    ],
  });
});

test("by default the trace goes to loopback, whether it is sampled or not, and no baggage does", async () => {
  const flags: object[] = [];
  for (const sampler of ["always_on", "always_off"]) {
    await using ledger = await startCallee();
    await runApplication({
      file: "calls.cjs",
      args: [ledger.url],
      env: {
        ...QUIET,
        OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
        OTEL_TRACES_SAMPLER: sampler,
      },
    });
    flags.push(...added(ledger));
  }
  expect(flags).toEqual([
    { path: "/http", traceparent: "01" },
    { path: "/fetch", traceparent: "01" },
    { path: "/http", traceparent: "00" },
    { path: "/fetch", traceparent: "00" },
  ]);
});

test("none takes the defaults away", async () => {
  await using ledger = await startCallee();
  await runApplication({
    file: "calls.cjs",
    args: [ledger.url],
    env: {
      ...QUIET,
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
      ASSAY_PROPAGATE_TO: "none",
    },
  });
  expect(added(ledger)).toEqual([{ path: "/http" }, { path: "/fetch" }]);
});
