import { createRedactor } from "@assay/redaction";
import { afterAll, beforeAll, expect, test } from "vitest";
import cases from "../../packages/redaction/test/cases.json" with { type: "json" };
import forms from "../../packages/redaction/test/forms.json" with { type: "json" };
import { plain, type LogRecord, type Span } from "../support/otlp-json.ts";
import {
  anyValue,
  counterRequest,
  logRequest,
  newTraceId,
  type Plain,
  sendOtlp,
  traceRequest,
} from "../support/otlp-sender.ts";
import { waitFor } from "../support/wait.ts";
import { type Pipeline, startPipeline } from "./pipeline.ts";

const PAN = "4111111111111111";
const MASKED = "411111******1111";

let pipeline: Pipeline;
beforeAll(async () => {
  pipeline = await startPipeline();
});
afterAll(() => pipeline[Symbol.asyncDispose]());

const redactor = createRedactor();

// JSON has no bigint and no bytes; the cases spell them as objects.
function valueOf(value: unknown): Plain {
  if (typeof value !== "object" || value === null) return value as Plain;
  if ("bigint" in value) return BigInt(String(value.bigint));
  if ("base64" in value) return Uint8Array.from(Buffer.from(String(value.base64), "base64"));
  return value as Plain;
}

/** A value as it reads when it has gone through OTLP. */
function arrived(value: unknown): unknown {
  return value === undefined ? undefined : plain(anyValue(value as Plain));
}

/** The attribute as the application's own gate lets it out. */
function redacted(key: string, value: unknown): Record<string, unknown> {
  const kept = redactor.value(key, value);
  return kept === undefined ? {} : { [redactor.text(key)]: arrived(kept) };
}

function redactedBody(value: unknown): unknown {
  const kept = typeof value === "string" ? redactor.text(value) : redactor.value("body", value);
  return kept === undefined ? null : arrived(kept);
}

const ALL = [...cases, ...forms.removes, ...forms.keeps].map(({ key, value }) => ({
  key,
  value: valueOf(value),
  traceId: newTraceId(),
}));

/** Waits until all that belongs to the cases has come, and gives it by trace. */
async function collected<Item extends { traceId?: string }>(
  sent: readonly { traceId: string }[],
  items: () => Item[],
): Promise<Map<string | undefined, Item>> {
  const byTrace = (): Map<string | undefined, Item> =>
    new Map(items().map((item) => [item.traceId, item]));
  const seen = await waitFor(
    () => {
      const found = byTrace();
      return sent.every(({ traceId }) => found.has(traceId)) && found;
    },
    { what: "every case at the error bridge", deadlineMs: 30_000 },
  );
  return seen;
}

test("every case has on a span the verdict that the application's own redaction gives, byte for byte", async () => {
  const spans = ALL.map(({ key, value, traceId }) => {
    const text = typeof value === "string" ? value : key;
    const attributes = { [key]: value };
    return { traceId, name: text, error: text, attributes, events: [{ name: text, attributes }] };
  });
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest(spans));
  const seen = await collected(ALL, () => pipeline.bridge.spans());

  const shape = ({ name, status, attributes, events }: Span): object => ({
    texts: [name, status.message, events[0]?.name],
    attributes: [attributes, events[0]?.attributes],
  });
  const got = ALL.map(({ key, traceId }) => ({ key, ...shape(seen.get(traceId)!) }));
  expect(got).toEqual(
    ALL.map(({ key, value }) => {
      const text = redactor.text(typeof value === "string" ? value : key);
      const attributes = redacted(key, value);
      return { key, texts: [text, text, text], attributes: [attributes, attributes] };
    }),
  );
});

test("every case has in a log record the same verdict, as a body and as an attribute", async () => {
  const records = ALL.map(({ key, value, traceId }) => ({
    traceId,
    body: value,
    attributes: { [key]: value },
  }));
  await sendOtlp(pipeline.collector.otlpUrl, "logs", logRequest(records));
  const seen = await collected<LogRecord>(ALL, () => pipeline.bridge.logs());

  const got = ALL.map(({ key, traceId }) => {
    const { body, attributes } = seen.get(traceId)!;
    return { key, body, attributes };
  });
  expect(got).toEqual(
    ALL.map(({ key, value }) => ({
      key,
      body: redactedBody(value),
      attributes: redacted(key, value),
    })),
  );
});

test("texts put together by chance have the same verdict", async () => {
  const random = seeded(20_261_124);
  const texts = ALL.flatMap(({ value }) => (typeof value === "string" ? [value] : []));
  const glue = ["", " ", ", ", "\n", "&", '","', "%20", "é", "\u200b"];
  const mixed = Array.from({ length: 1500 }, () => {
    const parts = Array.from({ length: 1 + random(4) }, () => {
      const text = texts[random(texts.length)]!;
      const from = random(3) === 0 ? random(text.length) : 0;
      const part = text.slice(from, random(3) === 0 ? from + random(40) : undefined);
      // Half of a surrogate pair cannot be sent.
      return Buffer.from(part).toString();
    });
    const { key } = ALL[random(ALL.length)]!;
    return { key, value: parts.join(glue[random(glue.length)]) || "x", traceId: newTraceId() };
  });
  const spans = mixed.map(({ key, value, traceId }) => ({
    traceId,
    name: value,
    error: "x",
    attributes: { [key]: value },
  }));
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest(spans));
  const seen = await collected(mixed, () => pipeline.bridge.spans());
  const got = mixed.map(({ key, value, traceId }) => {
    const { name, attributes } = seen.get(traceId)!;
    return { key, value, name, attributes };
  });
  expect(got).toEqual(
    mixed.map(({ key, value }) => ({
      key,
      value,
      name: redactor.text(value),
      attributes: redacted(key, value),
    })),
  );
});

test("maps and arrays put together by chance have the same verdict, as an attribute and as a body", async () => {
  const random = seeded(7_151_129);
  const nested = Array.from({ length: 600 }, () => ({
    key: ALL[random(ALL.length)]!.key,
    value: nestedValue(random, 0),
    traceId: newTraceId(),
  }));
  const records = nested.map(({ key, value, traceId }) => ({
    traceId,
    body: value,
    attributes: { [key]: value },
  }));
  await sendOtlp(pipeline.collector.otlpUrl, "logs", logRequest(records));
  const seen = await collected<LogRecord>(nested, () => pipeline.bridge.logs());
  const got = nested.map(({ key, value, traceId }) => {
    const { body, attributes } = seen.get(traceId)!;
    return { key, value, body, attributes };
  });
  expect(got).toEqual(
    nested.map(({ key, value }) => ({
      key,
      value,
      body: redactedBody(value),
      attributes: redacted(key, value),
    })),
  );
});

/** A value of the cases, or a map, a pair, or an array of such. */
function nestedValue(random: (limit: number) => number, depth: number): Plain {
  const { key, value } = ALL[random(ALL.length)]!;
  const inner = (): Plain => nestedValue(random, depth + 1);
  const several = (): Plain[] => Array.from({ length: random(4) }, inner);
  switch (depth > 4 ? 0 : random(depth === 0 ? 6 : 10)) {
    case 1:
      return Object.fromEntries(several().map((each) => [ALL[random(ALL.length)]!.key, each]));
    case 2:
      return { Name: key, Value: inner() };
    case 3:
      return several();
    case 4:
      return Array.from({ length: 12 + random(5) }, () => random(10));
    case 5:
      return [...Buffer.from(typeof value === "string" ? value : key)];
    case 6:
      return [null, true, random(2) === 0 ? 0.5 : 1e15 + random(1e9)];
    default:
      return value;
  }
}

/** Whole numbers from 0 to below a limit, the same for the same seed (xorshift). */
function seeded(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
}

test("a card number is masked on every surface of a span, and the rest stays", async () => {
  const traceId = newTraceId();
  const span = {
    traceId,
    name: `charge ${PAN}`,
    error: `declined ${PAN} by issuer`,
    traceState: `vendor=${PAN},other=1`,
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
    links: [
      { traceId, spanId: "00f067aa0ba902b7", traceState: `x=${PAN}`, attributes: { note: PAN } },
    ],
  };
  const source = {
    resource: { "service.name": "second-net", "host.note": `on ${PAN}` },
    scope: { name: `lib ${PAN}`, version: `1-${PAN}`, attributes: { build: PAN } },
  };
  await sendOtlp(pipeline.collector.otlpUrl, "traces", traceRequest([span], source));
  const seen = await pipeline.bridge.waitForSpan((each) => each.traceId === traceId);
  expect({
    name: seen.name,
    status: seen.status,
    traceState: seen.traceState,
    attributes: seen.attributes,
    events: seen.events.map(({ name, attributes }) => ({ name, attributes })),
    links: seen.links.map(({ traceState, attributes }) => ({ traceState, attributes })),
    resource: seen.resource,
    scope: seen.scope,
  }).toEqual({
    name: `charge ${MASKED}`,
    status: { code: 2, message: `declined ${MASKED} by issuer` },
    traceState: "other=1",
    attributes: {
      text: `card ${MASKED}, order 7`,
      integer: MASKED,
      list: ["first", MASKED],
      map: { inner: { note: MASKED } },
      [`card.${MASKED}.status`]: "ok",
      "of [email]": "ok",
      untouched: "as it was",
    },
    events: [{ name: `saw ${MASKED}`, attributes: { "exception.message": `bad ${MASKED}` } }],
    links: [{ attributes: { note: MASKED } }],
    resource: { "service.name": "second-net", "host.note": `on ${MASKED}` },
    scope: { name: `lib ${MASKED}`, version: `1-${MASKED}`, attributes: { build: MASKED } },
  });
  const trace = await pipeline.jaeger.waitForTrace(traceId);
  expect(JSON.stringify(trace)).not.toContain(PAN);
  expect(trace.spans[0]?.operationName).toBe(`charge ${MASKED}`);
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
    card: MASKED,
    job: "pipeline-test",
    kept: "yes",
  });
  const metadata = await fetch(
    `${pipeline.prometheus.url}/api/v1/metadata?metric=second_net_calls_total`,
  );
  expect(await metadata.text()).not.toContain(PAN);
});

test("what it removed is among the Collector's own metrics, by class, surface and action", async () => {
  const text = await (await fetch(pipeline.collector.metricsUrl)).text();
  const [line] = text.match(/^finance_redaction_values_total\{.*surface="name".*$/m) ?? [];
  expect(line).toMatch(/finance_data_classification="\w+".*finance_redaction_action="\w+"/);
  expect(text).toMatch(/^finance_redaction_scanned_bytes_total(?:\{.*\})? \d/m);
});
