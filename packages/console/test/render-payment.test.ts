import { expect, test } from "vitest";
import { readTraces } from "../src/otlp-traces.ts";
import { renderPayment } from "../src/render-payment.ts";
import { createStore } from "../src/store.ts";
import {
  CALLBACK,
  INITIATION,
  PAYMENT_SPANS,
  tracesRequest,
  type SpanSketch,
} from "./otlp-payment.ts";

function paymentOf(spans: readonly SpanSketch[]) {
  const store = createStore();
  store.addSpans(readTraces(tracesRequest(spans)).items);
  return store.payments()[0]!;
}

test("a payment is one tree across its callback, with the link and every trace id", () => {
  expect(`\n${renderPayment(paymentOf(PAYMENT_SPANS))}`).toMatchInlineSnapshot(`
    "
    Payment pay_7Q2  completed  KES 1,500.00  collection, mobile_money, safaricom · mpesa-mcp · 3.32 s
    ▸ initiation  2026-11-24 08:30:00.000Z
      trace 11111111111111111111111111111111
      POST /payments                                server     142 ms  201
      └─ initiate collection                        internal   138 ms  KES 1,500.00 · processing
         │  • status_changed to processing  +138 ms
         ├─ pg.query:INSERT payments into the tabl… client     850 µs
         └─ POST                                    client     130 ms  200
    ↪ callback, linked to 11111111… (initiate collection)  +2.31 s
      trace 22222222222222222222222222222222
      POST /daraja/callback                         server    20.0 ms  200
      └─ settle collection                          internal  17.0 ms  KES 1,500.00 · completed
            callback result · M-Pesa result 0
            • status_changed to completed, M-Pesa result 0  +2.33 s
    ↪ duplicate callback, linked to 11111111… (initiate collection)  +3.31 s
      trace 33333333333333333333333333333333
      POST /daraja/callback                         server     8.0 ms  200
      └─ settle collection                          internal   6.0 ms  KES 1,500.00
            callback duplicate
            • duplicate callback  +3.32 s"
  `);
});

test("a narrow terminal gets the same facts on more lines, none wider than it", () => {
  const drawn = renderPayment(paymentOf(PAYMENT_SPANS), { width: 70 });
  expect(`\n${drawn}`).toMatchInlineSnapshot(`
    "
    Payment pay_7Q2  completed  KES 1,500.00  collection, mobile_money, s…
    ▸ initiation  2026-11-24 08:30:00.000Z
      trace 11111111111111111111111111111111
      POST /payments                  server     142 ms  201
      └─ initiate collection          internal   138 ms  KES 1,500.00
         │  processing
         │  • status_changed to processing  +138 ms
         ├─ pg.query:INSERT payments… client     850 µs
         └─ POST                      client     130 ms  200
    ↪ callback, linked to 11111111… (initiate collection)  +2.31 s
      trace 22222222222222222222222222222222
      POST /daraja/callback           server    20.0 ms  200
      └─ settle collection            internal  17.0 ms  KES 1,500.00
            completed · callback result · M-Pesa result 0
            • status_changed to completed, M-Pesa result 0  +2.33 s
    ↪ duplicate callback, linked to 11111111… (initiate collection)  +3.3…
      trace 33333333333333333333333333333333
      POST /daraja/callback           server     8.0 ms  200
      └─ settle collection            internal   6.0 ms  KES 1,500.00
            callback duplicate
            • duplicate callback  +3.32 s"
  `);
  expect(drawn.split("\n").filter((line) => line.length > 70)).toEqual([]);
});

test("colour adds codes and nothing else", () => {
  const payment = paymentOf(PAYMENT_SPANS);
  const coloured = renderPayment(payment, { colour: true });
  // oxlint-disable-next-line no-control-regex
  const bare = coloured.replaceAll(/\u001B\[\d+m/g, "");
  expect(bare.split("\n").map((line) => line.trimEnd())).toEqual(
    renderPayment(payment).split("\n"),
  );
  expect(coloured).toContain("\u001B[32mcompleted\u001B[39m");
});

test("an error is said with its status, its exception and a callback whose initiation is gone", () => {
  const [, settle] = PAYMENT_SPANS.filter(({ trace }) => trace === CALLBACK);
  const payment = paymentOf([
    {
      ...settle!,
      error: "database away",
      events: [
        {
          name: "exception",
          ms: 2_320,
          attributes: { "exception.type": "TypeError", "exception.message": "x is\nundefined" },
        },
      ],
    },
  ]);
  expect(`\n${renderPayment(payment)}`).toMatchInlineSnapshot(`
    "
    Payment pay_7Q2  completed  KES 1,500.00  collection, mobile_money, safaricom · mpesa-mcp · 17.0 ms
    ↪ callback, linked to 11111111… (not held)  +0 µs
      trace 22222222222222222222222222222222
      settle collection                             internal  17.0 ms  ✗ error · parent not held
         KES 1,500.00 · completed · callback result · M-Pesa result 0
         ✗ database away
         ✗ TypeError: x is undefined  +8.0 ms"
  `);
});

test("parents in a circle, spans without end and deep trees are drawn in bounds", () => {
  const circle = [
    { trace: INITIATION, id: 1, parent: 2, name: "a", time: [0, 1] },
    { trace: INITIATION, id: 2, parent: 1, name: "b", time: [0, 1] },
  ] satisfies SpanSketch[];
  const chain = Array.from({ length: 5_000 }, (_, index): SpanSketch => ({
    trace: INITIATION,
    id: index + 10,
    ...(index > 0 && { parent: index + 9 }),
    name: `level ${index}`,
    time: [index, 9_000],
    ...(index === 0 && PAYMENT_SPANS[5]?.attributes && { attributes: PAYMENT_SPANS[5].attributes }),
  }));
  const lines = renderPayment(paymentOf([...chain, ...circle])).split("\n");
  expect(lines.filter((line) => line.length > 100)).toEqual([]);
  expect(lines.at(-1)).toBe("  … 4902 more spans");
});

test("a trace that settles many payments is drawn without the spans of the others", () => {
  const [post, settle] = PAYMENT_SPANS.filter(({ trace }) => trace === CALLBACK);
  const other: SpanSketch = {
    ...settle!,
    id: 40,
    name: "settle another",
    attributes: { "finance.payment.id": "pay_other" },
  };
  const below: SpanSketch = {
    trace: CALLBACK,
    id: 41,
    parent: 40,
    name: "below another",
    time: [2_313, 2_314],
  };
  const initiation = PAYMENT_SPANS.filter(({ trace }) => trace === INITIATION);
  const payment = paymentOf([...initiation, post!, settle!, other, below]);
  const drawn = renderPayment(payment);
  expect(drawn).not.toContain("another");
  expect(drawn.split("\n").at(-1)).toBe("  … 2 spans of other payments");
});
