import type { PlainSpan } from "./otlp-protobuf.ts";

const ROUTES = ["/v1/payments", "/v1/payments/{id}", "/v1/stk/callback", "/v1/refunds", "/health"];
const METHODS = ["GET", "POST", "PUT"];
const STATEMENTS = [
  "SELECT id, status FROM payments WHERE id = $1 AND tenant = $2",
  "UPDATE payouts SET state = $1, updated_at = now() WHERE id = $2",
  "INSERT INTO ledger (id, account, minor, currency) VALUES ($1, $2, $3, $4)",
];
const AGENTS = [
  "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 Chrome/131.0.6778.200 Mobile Safari/537.36",
  "okhttp/4.12.0",
];

/** A batch of spans as a payments service makes them, ten attributes each, none with a secret. */
export function cleanBatch(spans: number): PlainSpan[] {
  return Array.from({ length: spans }, (_, at) => {
    const method = pick(METHODS);
    const route = pick(ROUTES);
    return {
      name: `${method} ${route}`,
      attributes: [
        ["http.request.method", method],
        ["http.route", route],
        ["url.path", `${route.replace("{id}", id())}?page=${at % 7}`],
        ["http.response.status_code", pick([200, 200, 200, 404, 502])],
        ["user_agent.original", pick(AGENTS)],
        ["server.address", `pay-${at % 9}.internal.example.net`],
        ["finance.payment.id", `pay_${id()}`],
        ["finance.payment.amount.minor", 100 + at * 37],
        ["db.query.text", pick(STATEMENTS)],
        ["app.request.id", crypto.randomUUID()],
      ],
    };
  });
}

/** The same, but one span in fifty says a card number in a text. */
export function mixedBatch(spans: number): PlainSpan[] {
  return cleanBatch(spans).map((span, at) =>
    at % 50 === 0
      ? {
          ...span,
          attributes: span.attributes.with(9, ["app.note", "declined 4111111111111111 by issuer"]),
        }
      : span,
  );
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]!;
}

function id(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 20).toUpperCase();
}
