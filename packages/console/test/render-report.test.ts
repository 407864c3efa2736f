import {
  ATTR_ASSAY_DROP_REASON,
  ATTR_ASSAY_SIGNAL,
  ATTR_FINANCE_CURRENCY_CODE,
  ATTR_FINANCE_DATA_CLASSIFICATION,
  ATTR_FINANCE_FAILURE_DOMAIN,
  ATTR_FINANCE_OUTCOME,
  ATTR_FINANCE_PAYMENT_METHOD,
  ATTR_FINANCE_PROVIDER_CALLBACK_TYPE,
  ATTR_FINANCE_PROVIDER_NAME,
  ATTR_FINANCE_REDACTION_ACTION,
  ATTR_FINANCE_REDACTION_SURFACE,
  METRIC_ASSAY_TELEMETRY_DROPPED,
  METRIC_FINANCE_PAYMENT_AMOUNT_MINOR,
  METRIC_FINANCE_PAYMENT_DURATION,
  METRIC_FINANCE_PAYMENT_TRANSACTIONS,
  METRIC_FINANCE_PROVIDER_CALLBACKS,
  METRIC_FINANCE_REDACTION_VALUES,
} from "@assay/semconv";
import { expect, test } from "vitest";
import { readMetrics } from "../src/otlp-metrics.ts";
import { readTraces } from "../src/otlp-traces.ts";
import { renderErrors } from "../src/render-errors.ts";
import { renderOutcomes } from "../src/render-outcomes.ts";
import { renderRedactions } from "../src/render-redactions.ts";
import { renderReport } from "../src/render-report.ts";
import { readSentryEvent } from "../src/sentry-event.ts";
import { createStore, type WritableStore } from "../src/store.ts";
import {
  counterRequest,
  histogramRequest,
  INITIATION,
  PAYMENT_SPANS,
  tracesRequest,
  type SpanSketch,
} from "./otlp-payment.ts";

const BY_MOBILE = { [ATTR_FINANCE_PAYMENT_METHOD]: "mobile_money" };
const KES = { ...BY_MOBILE, [ATTR_FINANCE_CURRENCY_CODE]: "KES" };
const COMPLETED = { [ATTR_FINANCE_OUTCOME]: "completed" };
const FAILED = { [ATTR_FINANCE_OUTCOME]: "failed" };

function addMetrics(store: WritableStore): void {
  const redacted = (classification: string, surface: string) => ({
    [ATTR_FINANCE_DATA_CLASSIFICATION]: classification,
    [ATTR_FINANCE_REDACTION_ACTION]: "removed",
    [ATTR_FINANCE_REDACTION_SURFACE]: surface,
  });
  const callback = (type: string) => ({
    [ATTR_FINANCE_PROVIDER_CALLBACK_TYPE]: type,
    [ATTR_FINANCE_PROVIDER_NAME]: "safaricom",
  });
  const requests = [
    counterRequest(METRIC_FINANCE_PAYMENT_TRANSACTIONS, [
      [{ ...KES, ...COMPLETED }, 12],
      [{ ...KES, ...FAILED, [ATTR_FINANCE_FAILURE_DOMAIN]: "customer" }, 2],
      // As every series begins; it has nothing to show yet.
      [{ ...KES, ...FAILED, [ATTR_FINANCE_FAILURE_DOMAIN]: "provider" }, 0],
    ]),
    counterRequest(METRIC_FINANCE_PAYMENT_AMOUNT_MINOR, [
      [{ ...KES, [ATTR_FINANCE_PROVIDER_NAME]: "safaricom" }, "123456789"],
      [{ ...KES, [ATTR_FINANCE_PROVIDER_NAME]: "airtel" }, 11],
      [{ ...BY_MOBILE, [ATTR_FINANCE_CURRENCY_CODE]: "UGX" }, 5_000],
    ]),
    histogramRequest(
      METRIC_FINANCE_PAYMENT_DURATION,
      [0.25, 2.5, 300],
      [
        [{ ...BY_MOBILE, ...COMPLETED }, [6, 5, 0, 1]],
        [{ ...BY_MOBILE, ...FAILED }, [0, 2, 0, 0]],
      ],
    ),
    counterRequest(METRIC_FINANCE_PROVIDER_CALLBACKS, [
      [callback("result"), 14],
      [callback("duplicate"), 1],
      [callback("unmatched"), 0],
    ]),
    histogramRequest(
      "http.server.request.duration",
      [0.1, 1],
      [
        [
          {
            "http.request.method": "POST",
            "http.route": "/payments",
            "http.response.status_code": 201,
          },
          [13, 1, 0],
        ],
      ],
    ),
    counterRequest(METRIC_FINANCE_REDACTION_VALUES, [
      [redacted("pii", "attribute"), 31],
      [redacted("pci_chd", "error"), 2],
    ]),
    counterRequest(METRIC_ASSAY_TELEMETRY_DROPPED, [
      [{ [ATTR_ASSAY_SIGNAL]: "traces", [ATTR_ASSAY_DROP_REASON]: "queue_full" }, 4],
    ]),
  ];
  for (const request of requests) store.addPoints(readMetrics(request).items);
}

function addSentryError(store: WritableStore, value = "no answer in 30 s"): void {
  const event = {
    event_id: value,
    timestamp: "2026-11-24T08:30:00.140Z",
    release: "shop@1.2.3",
    fingerprint: ["daraja", "timeout"],
    contexts: { trace: { trace_id: INITIATION, span_id: "000000000000000b" } },
    exception: {
      values: [
        {
          type: "DarajaError",
          value,
          stacktrace: { frames: [{ filename: "src/daraja.ts", lineno: 42, function: "push" }] },
        },
      ],
    },
  };
  store.addError(readSentryEvent(event, 0n));
  store.countEnvelopeItem("event");
}

test("outcomes are counted, money is money, and times are bounds of buckets", () => {
  const store = createStore();
  addMetrics(store);
  expect(`\n${renderOutcomes(store)}`).toMatchInlineSnapshot(`
    "
      outcome    failure domain  method        currency  payments
      completed  -               mobile_money  KES             12
      failed     customer        mobile_money  KES              2

      amount completed
      KES 1,234,568.00
             UGX 5,000

      time to outcome  method        payments  p50, by bucket  p95, by bucket
      completed        mobile_money        12        ≤ 250 ms         > 300 s
      failed           mobile_money         2         ≤ 2.5 s         ≤ 2.5 s

      callback   provider   received
      duplicate  safaricom         1
      result     safaricom        14

      request  route      status  requests  p50, by bucket  p95, by bucket
      POST     /payments  201           14        ≤ 100 ms           ≤ 1 s"
  `);
});

test("an error is drawn with its trace, its span, where it is in the code and how it came", () => {
  const store = createStore();
  addSentryError(store);
  store.addError(readSentryEvent({ message: "no trace here", event_id: "2" }, 0n));
  expect(`\n${renderErrors(store)}`).toMatchInlineSnapshot(`
    "
      ✗ Message: no trace here
        no trace
        1970-01-01 00:00:00.000Z  error · from Sentry envelope
      ✗ DarajaError: no answer in 30 s
        trace 11111111111111111111111111111111  span 000000000000000b
        2026-11-24 08:30:00.140Z  error · shop@1.2.3 · from Sentry envelope
        at src/daraja.ts:42 in push
        fingerprint daraja, timeout
      Envelope items: 1 event"
  `);
});

test("redactions are drawn by class, action and surface, with what was not delivered", () => {
  const store = createStore();
  addMetrics(store);
  expect(`\n${renderRedactions(store)}`).toMatchInlineSnapshot(`
    "
      class    action   surface    values
      pci_chd  removed  error           2
      pii      removed  attribute      31

      not delivered  reason      items
      traces         queue_full      4"
  `);
});

test("an empty report says none under every heading", () => {
  expect(`\n${renderReport(createStore(), { width: 40 })}`).toMatchInlineSnapshot(`
    "
    Payments ───────────────────────────────

      none

    Metrics by outcome ─────────────────────

      none

    Errors ─────────────────────────────────

      none

    Redactions ─────────────────────────────

      none

    0 traces, 0 spans, 0 log records, 0 ser…"
  `);
});

test("the report draws the newest payments as trees, the others as lines, and what was dropped", () => {
  const store = createStore({ maxErrors: 1 });
  const loose: SpanSketch = { trace: "9".repeat(32), id: 1, name: "GET /health", time: [0, 3] };
  const initiation = PAYMENT_SPANS.filter(({ trace }) => trace === INITIATION);
  const newer = initiation.slice(1, 2).map(({ name, attributes }): SpanSketch => {
    const own = { ...attributes, "finance.payment.id": "pay_8R3" };
    return { trace: "8".repeat(32), id: 1, name, time: [5_000, 5_100], attributes: own };
  });
  store.addSpans(readTraces(tracesRequest([loose, ...initiation, ...newer])).items);
  addSentryError(store, "first");
  addSentryError(store, "second");
  expect(`\n${renderReport(store, { trees: 1 })}`).toMatchInlineSnapshot(`
    "
    Payments ───────────────────────────────────────────────────────────────────────────────────────────

      payment  state             amount  initiating trace
      pay_7Q2  processing  KES 1,500.00  11111111111111111111111111111111

    Payment pay_8R3  processing  KES 1,500.00  collection, mobile_money, safaricom · mpesa-mcp · 100 ms
    ▸ initiation  2026-11-24 08:30:05.000Z
      trace 88888888888888888888888888888888
      initiate collection                           internal   100 ms  KES 1,500.00 · processing

    Traces without a payment ───────────────────────────────────────────────────────────────────────────

      start          name         duration  trace
      08:30:00.000Z  GET /health    3.0 ms  99999999999999999999999999999999

    Metrics by outcome ─────────────────────────────────────────────────────────────────────────────────

      none

    Errors ─────────────────────────────────────────────────────────────────────────────────────────────

      ✗ DarajaError: second
        trace 11111111111111111111111111111111  span 000000000000000b
        2026-11-24 08:30:00.140Z  error · shop@1.2.3 · from Sentry envelope
        at src/daraja.ts:42 in push
        fingerprint daraja, timeout
      Envelope items: 2 event

    Redactions ─────────────────────────────────────────────────────────────────────────────────────────

      none

    3 traces, 6 spans, 0 log records, 0 series held; dropped: 1 errors"
  `);
});

test("no text of telemetry reaches the terminal with a control character", () => {
  const store = createStore();
  const evil = "\u001B]0;owned\u0007\u009B2J\u202Eevil\r\nline";
  const attributes = Object.fromEntries(
    [...Object.keys(PAYMENT_SPANS[3]?.attributes ?? {}), "http.route"].map((key) => [key, evil]),
  );
  const events = [
    { name: evil, ms: 1 },
    { name: "exception", ms: 2, attributes: {} },
  ];
  const span: SpanSketch = { trace: INITIATION, id: 1, name: evil, time: [0, 1], error: evil };
  const request = tracesRequest([{ ...span, attributes, events }], evil);
  store.addSpans(readTraces(request).items);
  store.addSpans(readTraces(tracesRequest([{ ...span, trace: "9".repeat(32) }], evil)).items);
  for (const name of [
    METRIC_FINANCE_PAYMENT_TRANSACTIONS,
    METRIC_FINANCE_PAYMENT_AMOUNT_MINOR,
    METRIC_FINANCE_PROVIDER_CALLBACKS,
    METRIC_FINANCE_REDACTION_VALUES,
  ]) {
    const labels = { ...attributes, [ATTR_FINANCE_CURRENCY_CODE]: evil };
    store.addPoints(readMetrics(counterRequest(name, [[labels, 1]])).items);
  }
  store.addError(
    readSentryEvent({ message: evil, level: evil, release: evil, fingerprint: [evil] }, 0n),
  );
  store.countEnvelopeItem(evil);
  const report = renderReport(store, { colour: true });
  // oxlint-disable-next-line no-control-regex
  const own = report.replaceAll(/\u001B\[\d+m/g, "").replaceAll("\n", "");
  expect(own).toContain("evil line");
  expect(own).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
