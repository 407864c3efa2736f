import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { LogRecord, Span } from "../support/otlp-json.ts";
import {
  counterRequest,
  logRequest,
  newTraceId,
  type Plain,
  type PlainAttributes,
  sendOtlp,
  traceRequest,
} from "../support/otlp-sender.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";

// The second net of collector/contrib.yaml, for the upstream image.

const PAN = "4111111111111111";

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline({ config: "contrib.yaml" });
});
afterAll(() => pipeline[Symbol.asyncDispose]());

/** Sends one error span and gives it back as it left the Collector. */
async function throughAsSpan(
  sample: Parameters<typeof traceRequest>[0][number],
  source = {},
): Promise<Span> {
  const traceId = newTraceId();
  const span = { traceId, error: "failed", ...sample };
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest([span], source));
  return pipeline.bridge.waitForSpan((each) => each.traceId === traceId);
}

async function throughAsLog(sample: Parameters<typeof logRequest>[0][number]): Promise<LogRecord> {
  const traceId = newTraceId();
  await sendOtlp(pipeline.collector.otlpUrl, "logs", logRequest([{ traceId, ...sample }]));
  return pipeline.bridge.waitForLog((each) => each.traceId === traceId);
}

test("a card number is masked on every surface of a span, and the rest stays", async () => {
  const span = await throughAsSpan(
    {
      name: `charge ${PAN}`,
      error: `declined ${PAN} by issuer`,
      traceState: `vendor=${PAN}`,
      attributes: {
        text: `card ${PAN}, order 7`,
        integer: BigInt(PAN),
        list: ["first", PAN],
        map: { inner: { note: PAN } },
        [`card.${PAN}.status`]: "ok",
        "of jane.doe@example.com": "ok",
        untouched: "as it was",
      },
      events: [{ name: `saw ${PAN}`, attributes: { "exception.message": `bad ${PAN}` } }],
    },
    {
      resource: { "service.name": "second-net", "host.note": `on ${PAN}` },
      scope: { name: `lib ${PAN}`, version: `1-${PAN}`, attributes: { build: PAN } },
    },
  );

  expect(JSON.stringify(span)).not.toContain("41111111");
  expect({
    name: span.name,
    status: span.status,
    traceState: span.traceState,
    attributes: span.attributes,
    events: span.events.map(({ name, attributes }) => ({ name, attributes })),
    resource: span.resource,
    scope: span.scope,
  }).toEqual({
    name: "charge****",
    status: { code: 2, message: "declined**** by issuer" },
    traceState: "vendor****",
    attributes: {
      text: "card****, order 7",
      integer: "****",
      list: '["first",****"]',
      map: '{"inner":{"note":****"}}',
      "card.****.status": "ok",
      "of ****": "ok",
      untouched: "as it was",
    },
    events: [{ name: "saw****", attributes: { "exception.message": "bad****" } }],
    resource: { "service.name": "second-net", "host.note": "on****" },
    scope: { name: "lib****", version: "1****", attributes: { build: "****" } },
  });
});

test("the same span is masked in Jaeger", async () => {
  const { traceId } = await throughAsSpan({ name: `pay ${PAN}`, attributes: { note: PAN } });
  const trace = await pipeline.jaeger.waitForTrace(traceId);
  expect(JSON.stringify(trace)).not.toContain(PAN);
  expect(trace.spans[0]?.operationName).toBe("pay****");
});

test("a card number is masked in a log record: body, attributes, event name, severity", async () => {
  const log = await throughAsLog({
    body: { step: "charge", card: { number: PAN, note: ["of", `${PAN} x`] } },
    severityText: `ERROR ${PAN}`,
    attributes: { note: PAN },
  });
  expect(JSON.stringify(log)).not.toContain("41111111");
  expect([log.body, log.severityText, log.attributes]).toEqual([
    { step: "charge", card: { number: "****", note: ["of", "**** x"] } },
    "ERROR****",
    { note: "****" },
  ]);
});

test("a card number is masked in a metric's labels, and in its description", async () => {
  await sendOtlp(
    pipeline.collector.otlpUrl,
    "metrics",
    counterRequest([
      {
        name: "second.net.calls",
        description: `of ${PAN}`,
        value: 1,
        attributes: { card: PAN, kept: "yes" },
      },
    ]),
  );
  const [series] = await pipeline.prometheus.waitForSeries("second_net_calls_total");
  expect(series?.metric).toEqual({
    __name__: "second_net_calls_total",
    card: "****",
    job: "pipeline-test",
    kept: "yes",
  });
  const metadata = await fetch(
    `${pipeline.prometheus.url}/api/v1/metadata?metric=second_net_calls_total`,
  );
  expect(await metadata.text()).not.toContain(PAN);
});

/** Each leaves the Collector without what stands beside it. */
const removed: [what: string, key: string, value: string | number, secret: string][] = [
  ["a PAN in groups", "note", "card 4111 1111 1111 1111 declined", "1111 1111"],
  ["two PANs side by side", "note", "5555555555554444 4111111111111111", "444"],
  ["a PAN in a query", "url.query", "card=4111111111111111&amt=5", "41111111"],
  [
    "a PAN in percent escapes",
    "url.query",
    "c=4111%201111%201111%201111&pan%3D5555555555554444",
    "1111",
  ],
  ["an Amex number", "note", "378282246310005", "378282"],
  ["a PAN after an underscore", "note", "card_4111111111111111_x", "41111111"],
  ["a PAN in JSON", "body", '{"cardNumber":4111111111111111}', "41111111"],
  ["an IBAN", "note", "to DE89 3704 0044 0532 0130 00 today", "3704"],
  ["an e-mail address", "note", "login jane.doe@example.co.ke", "jane"],
  ["an e-mail address in a query", "url.query", "e=jane.doe%40example.co.ke", "jane"],
  ["a Kenyan phone number", "note", "stk to 254712345678", "254712"],
  ["a Kenyan phone number as a number", "party", 254712345678, "254712"],
  ["a local phone number", "note", "call 0712345678 now", "0712"],
  ["a phone number with plus and spaces", "note", "+254 712 345 678", "712"],
  ["a phone number in percent escapes", "url.query", "to=%2B254712345678", "254712"],
  ["a US phone number", "note", "call +1 (415) 555-2671", "555"],
  ["a JWT", "note", "t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "eyJ"],
  ["a bearer token", "note", "Authorization: Bearer 8f14e45fceea167a5a36dedd4bea2543", "8f14"],
  ["an API key by its head", "note", "used sk_live_abcdefgh12345678", "abcdefgh"],
  ["a password by its name", "note", "password: Hunter2!", "Hunter2"],
  ["a password in JSON", "note", '{"user":"bob","passwd":"pa55word"}', "pa55word"],
  ["a password in a connection string", "note", "postgres://svc:S3cret@db:5432/x", "S3cret"],
  ["a PIN in words", "note", "pin is 4821", "4821"],
  ["a CVV beside its name", "note", "cvv=987", "987"],
  [
    "anything under a key that names a secret",
    "http.request.header.authorization",
    "opaque",
    "opaque",
  ],
  ["a number under a key that names a secret", "card.cvv", 123, "123"],
  ["track 2", "note", ";4111111111111111=29122010000012345?", "29122010"],
];

/** Each arrives as it was sent, in an attribute and in a log body. */
const kept: [what: string, value: Plain][] = [
  ["a checkout request id", "ws_CO_191220191020363925"],
  ["a merchant request id", "29115-34620561-1"],
  ["an M-Pesa receipt", "NLJ7RT61SV"],
  ["a traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"],
  ["a trace id that begins with many digits", "41111111111111112345678901234abc"],
  ["a span id with one letter", "6011111111111117a"],
  ["a span id", "00f067aa0ba902b7"],
  ["a UUID", "41111111-1111-4111-8111-111111111111"],
  ["a ULID", "01ARZ3NDEKTSV4RRFFQ69G5FAV"],
  ["a SHA-256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["milliseconds", 1748503543012],
  ["microseconds", 1763720130123456n],
  ["nanoseconds", 1763720130123456789n],
  ["a date and time in digits", "ref 20261121101530123"],
  ["a date", "2026-11-21T10:15:30.123456789Z"],
  ["an amount in minor units", 150_000],
  ["a large amount in minor units", 98_765_432_100],
  ["a fraction with sixteen digits", 0.4123456789012345],
  ["a fraction in text", "took 0.4123456789012345 s"],
  ["a masked card number", "411111******1111"],
  ["a masked card number in text", "card 411111******1111 declined"],
  ["what redaction wrote", "to [phone] from [email], [card]"],
  ["a named secret that redaction removed", "password=[credential]"],
  ["an order", "ORD-1234567890"],
  ["a snowflake id", "1859273645182935040"],
  ["an IMEI", "bytes 356938035643809"],
  ["a package in a stack", "at f (/app/node_modules/@opentelemetry/core@2.1.0/build/x.js:41:11)"],
  ["SQL with placeholders", "UPDATE users SET pin = $1, password = ? WHERE id = 7"],
  ["a sentence with the words", "password reset requested, pinned message, basic authentication"],
  ["an address", "from 10.123.145.167:54321"],
  ["a user agent", "Mozilla/5.0 (Linux; Android 14; SM-A546E) Chrome/131.0.6778.200"],
  ["years", "2023 2024 2025 2026"],
  ["a BIC", "BIC DEUTDEFF500"],
  ["a version with build metadata", "1.0.0+20261124"],
  ["true", true],
];

describe("contrib's second net removes", () => {
  test.each(removed)("%s, wherever it stands", async (_what, key, value, secret) => {
    const attributes: PlainAttributes = { [key]: value };
    const text = `${key}=${value}`;
    const [span, log] = await Promise.all([
      throughAsSpan({ name: text, error: text, attributes }),
      throughAsLog({ body: { [key]: value }, attributes }),
    ]);
    expect(JSON.stringify([span.name, span.status, span.attributes])).not.toContain(secret);
    expect(JSON.stringify([log.body, log.attributes])).not.toContain(secret);
  });
});

test("contrib's second net keeps what only looks like a secret", async () => {
  const attributes = Object.fromEntries(kept);
  const span = await throughAsSpan({ attributes });
  const log = await throughAsLog({ body: attributes });
  const expected = Object.fromEntries(
    kept.map(([what, value]) => [what, typeof value === "bigint" ? Number(value) : value]),
  );
  expect(span.attributes).toEqual(expected);
  expect(log.body).toEqual(expected);
});

test("leaves no trace of its own work in a record", async () => {
  const span = await throughAsSpan({ name: `n ${PAN}`, attributes: { note: PAN } });
  const log = await throughAsLog({ severityText: "ERROR", attributes: { note: "x" } });
  expect([span.attributes, span.scope.attributes, log.attributes, log.scope.attributes]).toEqual([
    { note: "****" },
    {},
    { note: "x" },
    {},
  ]);
});
