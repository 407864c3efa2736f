import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { sentUnder, SPANS, TO_RECEIVER, withoutFolder } from "./declared.ts";
import { securely } from "./securely.ts";
import { sent } from "./sent.ts";

const EVERYTHING = `
resource: {attributes: [{name: service.name, value: from-file}], attributes_list: "team=\${TEAM:-payments}"}
tracer_provider: {processors: [{batch: {exporter: {otlp_http: {endpoint: "\${RECEIVER}/v1/traces", encoding: json, headers: [{name: x-tenant, value: "a,b"}]}}}}]}
logger_provider: {processors: [{simple: {exporter: {otlp_http: {endpoint: "\${RECEIVER}/v1/logs", encoding: json, compression: gzip}}}}]}
meter_provider: {readers: [{periodic: {exporter: {otlp_http: {endpoint: "\${RECEIVER}/v1/metrics", encoding: json}}}}]}`;
const OTHERS = {
  OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1",
  OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret",
  OTEL_TRACES_SAMPLER: "always_off",
  OTEL_SERVICE_NAME: "from-variable",
};

test.each(["normal", "exit"])(
  "OTEL_CONFIG_FILE stands in place of the other OTEL_* variables, also at a(n) %s end; they hold by default",
  async (end) => {
    const [file, byDefault] = await Promise.all([
      sentUnder(EVERYTHING, { file: "ends.cjs", args: [end], env: OTHERS }),
      sent({ file: "ends.cjs", args: [end], env: { OTEL_SERVICE_NAME: "from-variable" } }),
    ]);
    expect({ said: file.said, spans: file.spans.length, logs: file.logs.length }).toEqual({
      said: [],
      spans: 1,
      logs: 1,
    });
    expect(file.spans[0]?.resource).toMatchObject({
      "service.name": "from-file",
      team: "payments",
    });
    const headers = file.requests.map(({ path, headers: all }) => [
      path,
      all["x-tenant"],
      all["authorization"],
      all["content-encoding"],
    ]);
    expect(headers).toContainEqual(["/v1/traces", "a,b", undefined, undefined]);
    expect(headers).toContainEqual(["/v1/logs", undefined, undefined, "gzip"]);
    expect(byDefault.spans[0]?.resource).toMatchObject({ "service.name": "from-variable" });
  },
);

test.each(["NodeSDK", "startNodeSdk"])(
  "processors and exporters that an application brings by %s see nothing and add nothing to what leaves",
  async (way) => {
    const { said, spans, logs, requests } = await sentUnder(EVERYTHING, {
      file: "own-sdk.cjs",
      args: [way],
    });
    expect(said).toContain("own exporter: 0");
    expect(spans.map(({ name, attributes }) => [name, attributes])).toEqual([
      ["paid", { note: "payer card 411111******1111" }],
    ]);
    expect(logs.map(({ body }) => body)).toEqual(["payer card 411111******1111"]);
    const bytes = Buffer.concat(requests.map((request) => request.bytes)).toString();
    expect(bytes).not.toContain("4111111111111111");
  },
);

test.each([
  ["cannot be read", undefined, /^OTEL_CONFIG_FILE is "\/nowhere\/otel.yaml"; it cannot be read/],
  ["has a key twice", "disabled: true\ndisabled: false", /; line 3, column 1 is no YAML \(DUPLIC/],
  ["asks for gRPC", "tracer_provider: {processors: [{batch: {exporter: {otlp_grpc: }}}]}", /gRPC/],
  [
    "has an own key that is unknown",
    `${SPANS}\ndistribution: {assay: {redaction: off}}`,
    /not known/,
  ],
  [
    "asks for TLS without it",
    'tracer_provider: {processors: [{batch: {exporter: {otlp_http: {endpoint: "${RECEIVER}", tls: {ca_file: ca.pem}}}}}]}',
    /use a path from the root/,
  ],
  [
    "asks for less redaction",
    `${SPANS}\ninstrumentation/development: {general: {sanitization: {url: {sensitive_query_parameters: []}}}}`,
    /Assay always redacts/,
  ],
])(
  "a file that %s stops all export in one sentence, and the application runs",
  async (_, yaml, told) => {
    const { code, said, requests } = await (yaml === undefined
      ? sent({ env: { OTEL_CONFIG_FILE: "/nowhere/otel.yaml" } })
      : sentUnder(yaml));
    expect({
      code,
      requests,
      said: said.map((line) => line.replace("ASSAY_CONFIG: ", "")),
    }).toEqual({
      code: 0,
      requests: [],
      said: [expect.stringMatching(told)],
    });
    expect(said[0]).toMatch(/ Nothing is exported until then\.$/);
  },
);

test("what the file leaves out is not exported; a key that is not honoured is told by its path", async () => {
  const { said, requests, spans } = await sentUnder(
    `${SPANS}\nmeter_provider: {readers: [{pull: {exporter: {other: }}}], exemplar_filter: trace_based}`,
  );
  expect({ said: withoutFolder(said), spans: spans.length, requests: requests.length }).toEqual({
    said: [
      "ASSAY_CONFIG: meter_provider.readers[0].pull.exporter.other of otel.yaml is not honoured by Assay; take it out.",
      "ASSAY_CONFIG: meter_provider.exemplar_filter of otel.yaml is not honoured by Assay; take it out.",
    ],
    spans: 1,
    requests: 1,
  });
});

test("disabled: true sends nothing and says nothing, and so does OTEL_SDK_DISABLED beside a file", async () => {
  const both = await Promise.all([
    sentUnder(`disabled: true\n${SPANS}`),
    sentUnder(SPANS, { env: { OTEL_SDK_DISABLED: "true" } }),
  ]);
  const off = { code: 0, said: [], requests: [] };
  expect(both.map(({ code, said, requests }) => ({ code, said, requests }))).toEqual([off, off]);
});

test.each(["normal", "exit"])(
  "the file's certificates and key are those of the connection, also at a(n) %s end",
  async (end) => {
    const { got, said } = await securely(
      ({ ca, client }) => {
        const file = join(dirname(ca.cert), "otel.yaml");
        const tls = `{ca_file: "${ca.cert}", cert_file: "${client.cert}", key_file: "${client.key}"}`;
        const otlp = `{otlp_http: {endpoint: "\${RECEIVER}/v1/traces", encoding: json, tls: ${tls}}}`;
        const provider = `tracer_provider: {processors: [{batch: {exporter: ${otlp}}}]}`;
        writeFileSync(file, `file_format: "1.1"\n${provider}\n`);
        return { OTEL_CONFIG_FILE: file };
      },
      { asksClient: true, end },
    );
    expect({ got, said }).toEqual({ got: ["traces"], said: [] });
  },
);

test("samplers nest, and a console prints beside the Collector, behind the gate", async () => {
  const of = (sampler: string): string =>
    `tracer_provider: {processors: [${TO_RECEIVER}, {simple: {exporter: {console: }}}], sampler: {parent_based: {root: ${sampler}}}}`;
  const [none, all] = await Promise.all([
    sentUnder(of("{trace_id_ratio_based: {ratio: 0}}")),
    sentUnder(of("{always_on: }")),
  ]);
  expect([none.spans.length, none.said, all.spans.length]).toEqual([0, [], 1]);
  expect(all.said.join("\n")).toContain("payer card 411111******1111");
});

test("instrumentations are set by name, and headers are captured but for credentials", async () => {
  const of = (settings: string): string =>
    `${SPANS}\ninstrumentation/development: {general: {http: {server: {request_captured_headers: [authorization, x-shop]}}}, js: {http: ${settings}}}`;
  const [captured, off] = await Promise.all([
    sentUnder(of("{require_parentfor_outgoing_spans: true}"), { file: "headers.cjs" }),
    sentUnder(of("{enabled: false}"), { file: "headers.cjs" }),
  ]);
  expect(captured.spans.map(({ kind }) => kind)).toEqual([2]);
  expect(captured.spans[0]?.attributes["http.request.header.x-shop"]).toEqual(["nairobi"]);
  const bytes = Buffer.concat(captured.requests.map((request) => request.bytes)).toString();
  expect(bytes).not.toContain("c0ffee");
  expect(off.spans).toEqual([]);
});

test("query parameters that the file calls sensitive lose their values", async () => {
  const { spans } = await sentUnder(
    `${SPANS}\ninstrumentation/development: {general: {sanitization: {url: {sensitive_query_parameters: [colour]}}}}`,
    { file: "headers.cjs", args: ["/a?colour=red&size=2"] },
  );
  expect(spans.map(({ attributes }) => attributes["url.query"] ?? attributes["url.full"])).toEqual(
    expect.arrayContaining([
      "colour=[removed]&size=2",
      expect.stringContaining("/a?colour=[removed]&size=2"),
    ]),
  );
});

test("limits hold for each signal, and values are cut after redaction", async () => {
  const { spans } = await sentUnder(`
attribute_limits: {attribute_count_limit: 3}
tracer_provider: {processors: [${TO_RECEIVER}], limits: {attribute_count_limit: 1, attribute_value_length_limit: 20}}`);
  expect(spans[0]?.attributes).toEqual({ note: "payer card 411111***" });
});
