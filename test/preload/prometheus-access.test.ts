import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeCertificates } from "../support/certificate.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runApplication, startApplication } from "./application.ts";

const ONLY_PROMETHEUS = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "prometheus",
  OTEL_EXPORTER_PROMETHEUS_PORT: "0",
};
const TOKEN = "scrape-me-0123456789";

interface Endpoint extends AsyncDisposable {
  url: string;
  output(): string;
}

async function serve(env: Record<string, string>, file = "metrics.cjs"): Promise<Endpoint> {
  const application = await startApplication({
    file,
    env: { ...ONLY_PROMETHEUS, ...env },
    ready: /metrics is served at/,
  });
  const url = /https?:\/\/\S+\/metrics/.exec(application.output())?.[0] ?? "";
  return Object.assign(application, { url });
}

/** What is answered; of an answer with metrics, `"metrics"`. */
function ask(url: string, options: RequestOptions = {}): Promise<object> {
  return new Promise((resolve) => {
    const send = url.startsWith("https") ? httpsRequest : httpRequest;
    send(url, { agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (more: string) => (text += more));
      response.on("end", () => {
        const body = text.includes("shop_orders_total") ? "metrics" : text;
        resolve({ status: response.statusCode, body });
      });
    })
      .on("error", (error: NodeJS.ErrnoException) => resolve({ refused: error.code ?? "" }))
      .end();
  });
}

const bearer = (token: string): RequestOptions => ({
  headers: { authorization: `Bearer ${token}` },
});
const METRICS = { status: 200, body: "metrics" };
const REFUSED = { status: 401, body: "" };

test("with a token only who has it gets metrics, and a new token counts at once", async () => {
  await using folder = await temporaryFolder("token");
  const file = join(folder.path, "token");
  writeFileSync(file, `${TOKEN}\n`);
  await using endpoint = await serve({ ASSAY_PROMETHEUS_TOKEN_FILE: file });
  const { url } = endpoint;
  expect({
    with: await ask(url, bearer(TOKEN)),
    without: await ask(url),
    empty: await ask(url, bearer("")),
    wrong: await ask(url, bearer(`${TOKEN}0`)),
    part: await ask(url, bearer(TOKEN.slice(0, -1))),
    basic: await ask(url, { headers: { authorization: `Basic ${TOKEN}` } }),
    inUrl: await ask(`${url}?token=${TOKEN}`),
  }).toEqual({
    with: METRICS,
    without: REFUSED,
    empty: REFUSED,
    wrong: REFUSED,
    part: REFUSED,
    basic: REFUSED,
    inUrl: REFUSED,
  });
  writeFileSync(file, `new-${TOKEN}`);
  expect([await ask(url, bearer(TOKEN)), await ask(url, bearer(`new-${TOKEN}`))]).toEqual([
    REFUSED,
    METRICS,
  ]);
  writeFileSync(file, "");
  expect([await ask(url, bearer("")), await ask(url, bearer(TOKEN))]).toEqual([REFUSED, REFUSED]);
  expect(
    endpoint
      .output()
      .split("\n")
      .filter((line) => line.includes(file)),
  ).toEqual([
    `ASSAY_EXPORT: the token of ${file} is gone or too short, so every scrape is refused.`,
  ]);
});

test("nothing but GET and HEAD of /metrics is answered", async () => {
  await using endpoint = await serve({});
  const root = endpoint.url.replace("/metrics", "");
  expect({
    query: await ask(`${endpoint.url}?x=1`),
    head: await ask(endpoint.url, { method: "HEAD" }),
    post: await ask(endpoint.url, { method: "POST" }),
    root: await ask(root),
    below: await ask(`${endpoint.url}/x`),
  }).toEqual({
    query: METRICS,
    head: { status: 200, body: "" },
    post: { status: 405, body: "" },
    root: { status: 404, body: "Metrics are at /metrics.\n" },
    below: { status: 404, body: "Metrics are at /metrics.\n" },
  });
});

test("with a certificate it is TLS, with an authority only for clients of it, and a new certificate is used", async () => {
  await using folder = await temporaryFolder("tls");
  const { ca, server, client, stranger } = makeCertificates(folder.path);
  await using endpoint = await serve({
    OTEL_EXPORTER_PROMETHEUS_HOST: "0.0.0.0",
    ASSAY_PROMETHEUS_CERTIFICATE_FILE: server.cert,
    ASSAY_PROMETHEUS_KEY_FILE: server.key,
    ASSAY_PROMETHEUS_CLIENT_CA_FILE: ca.cert,
  });
  const url = endpoint.url.replace("0.0.0.0", "127.0.0.1");
  const read = (path: string): Buffer => readFileSync(path);
  const trusting = { ca: read(ca.cert) };
  const as = ({ cert, key }: typeof client): RequestOptions => ({
    ...trusting,
    cert: read(cert),
    key: read(key),
  });
  expect({
    client: await ask(url, as(client)),
    nobody: await ask(url, trusting),
    stranger: await ask(url, as(stranger)),
    plain: await ask(url.replace("https", "http"), as(client)),
  }).toEqual({
    client: METRICS,
    nobody: { refused: expect.any(String) },
    stranger: { refused: expect.any(String) },
    plain: { refused: expect.any(String) },
  });
  copyFileSync(stranger.cert, server.cert);
  copyFileSync(stranger.key, server.key);
  await ask(url, as(client)); // sees that the files are others
  expect([
    await ask(url, as(client)),
    await ask(url, { ...as(client), ca: read(stranger.cert) }),
  ]).toEqual([{ refused: "DEPTH_ZERO_SELF_SIGNED_CERT" }, METRICS]);
});

test.each([
  [
    { OTEL_EXPORTER_PROMETHEUS_HOST: "0.0.0.0" },
    'OTEL_EXPORTER_PROMETHEUS_HOST is "0.0.0.0", where anyone who reaches it could read the metrics; use ASSAY_PROMETHEUS_TOKEN_FILE, ASSAY_PROMETHEUS_CLIENT_CA_FILE, or ASSAY_PROMETHEUS_OPEN=true.',
  ],
  [{ OTEL_EXPORTER_PROMETHEUS_HOST: "::" }, 'OTEL_EXPORTER_PROMETHEUS_HOST is "::", where'],
  [
    { ASSAY_PROMETHEUS_TOKEN_FILE: "short" },
    'ASSAY_PROMETHEUS_TOKEN_FILE is "short"; use the path of a file with a token of 16 characters or more, without spaces.',
  ],
  [
    { ASSAY_PROMETHEUS_TOKEN_FILE: "empty" },
    'ASSAY_PROMETHEUS_TOKEN_FILE is "empty"; use the path',
  ],
  [{ ASSAY_PROMETHEUS_TOKEN_FILE: "gone" }, 'ASSAY_PROMETHEUS_TOKEN_FILE is "gone"; use the path'],
  [
    { ASSAY_PROMETHEUS_CERTIFICATE_FILE: "server.pem" },
    "ASSAY_PROMETHEUS_CERTIFICATE_FILE, ASSAY_PROMETHEUS_KEY_FILE and, with ASSAY_PROMETHEUS_CLIENT_CA_FILE, both of them have to be set; set what is missing.",
  ],
  [
    { ASSAY_PROMETHEUS_CLIENT_CA_FILE: "ca.pem" },
    "ASSAY_PROMETHEUS_CERTIFICATE_FILE, ASSAY_PROMETHEUS_KEY_FILE and,",
  ],
  [
    { ASSAY_PROMETHEUS_CERTIFICATE_FILE: "server.pem", ASSAY_PROMETHEUS_KEY_FILE: "client.key" },
    'ASSAY_PROMETHEUS_KEY_FILE is "client.key", which is not the key of ASSAY_PROMETHEUS_CERTIFICATE_FILE; use its own.',
  ],
])("with %j it is not served, and the application runs", async (given, told) => {
  await using folder = await temporaryFolder("wrong");
  makeCertificates(folder.path);
  writeFileSync(join(folder.path, "short"), "0123456789abcde");
  writeFileSync(join(folder.path, "empty"), "\n");
  const env = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      name.endsWith("_FILE") ? join(folder.path, value) : value,
    ]),
  );
  const { code, output } = await runApplication({
    file: "metrics.cjs",
    args: ["200"],
    env: { ...ONLY_PROMETHEUS, ...env },
  });
  const lines = output.trim().replaceAll(`${folder.path}/`, "").split("\n");
  expect({ code, lines }).toEqual({
    code: 0,
    lines: [expect.stringContaining(told)],
  });
  expect(lines[0]).toMatch(/^ASSAY_CONFIG: .* \/metrics is not served until then\.$/);
});

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
