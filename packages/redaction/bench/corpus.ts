/** One attribute of the traffic that speed is measured on. */
export interface Attribute {
  key: string;
  value: string;
}

export type Part = "clean" | "mixed" | "secret" | "stack";

// A small generator with a fixed seed: every run measures the same traffic.
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const ENUMS = [
  ["http.request.method", ["GET", "POST", "PUT", "DELETE"]],
  ["url.scheme", ["https", "http"]],
  ["network.protocol.version", ["1.1", "2"]],
  ["db.system.name", ["postgresql", "redis"]],
  ["finance.payment.status", ["succeeded", "failed", "pending"]],
  ["finance.currency.code", ["KES", "NGN", "ZAR", "USD"]],
  ["server.address", ["payments", "ledger", "api-gateway"]],
  ["messaging.system", ["kafka", "rabbitmq"]],
  ["error.type", ["timeout", "ECONNREFUSED", "insufficient_funds"]],
  ["deployment.environment.name", ["production", "staging"]],
] as const;
const SQL = [
  "SELECT id, status, amount_minor FROM payments WHERE merchant_id = $1 AND created_at > $2 ORDER BY created_at DESC LIMIT 50",
  "INSERT INTO ledger_entries (account_id, debit, credit, currency, reference) VALUES ($1, $2, $3, $4, $5)",
  "UPDATE payments SET status = $1, updated_at = now() WHERE id = $2 AND status = ANY($3)",
  "SELECT p.id, w.balance FROM wallets w JOIN payments p ON p.wallet_id = w.id WHERE w.owner_id = $1 FOR UPDATE",
];
const AGENTS = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
  "okhttp/4.12.0",
  "axios/1.13.2",
];

/** The mix of reference/redaction.md section 4, without the share of the other parts for `clean`. */
export function corpus(part: Part, count: number): Attribute[] {
  const random = generator(42);
  const pick = <Item>(items: readonly Item[]): Item => items[random(items.length)] as Item;
  const hex = (length: number): string =>
    Array.from({ length }, () => "0123456789abcdef"[random(16)]).join("");
  const digits = (length: number): string =>
    Array.from({ length }, (_, at) => String(at === 0 ? 1 + random(9) : random(10))).join("");
  const uuid = (): string => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
  const path = (): string =>
    `/${pick(["api", "v1", "v2"])}/${pick(["payments", "wallets", "transfers", "merchants"])}/${random(99_999)}/${pick(["status", "refunds", "events", "capture"])}`;
  const stack = (): string => {
    const frames = 22 + random(22);
    const lines = Array.from(
      { length: frames },
      () =>
        `    at ${pick(["Ledger", "Payment", "Router", "Pool", "Queue"])}.${pick(["post", "handle", "dispatch", "query", "commit"])} (/srv/app/node_modules/${pick(["fastify", "pg", "kafkajs", "ledger-core"])}/lib/${pick(["index", "router", "client", "pool"])}.js:${random(900)}:${random(80)})`,
    );
    return `Error: ${pick(["connection terminated unexpectedly", "duplicate entry for transfer", "upstream timed out after 5000 ms"])}\n${lines.join("\n")}`;
  };
  const json = (): string =>
    JSON.stringify({
      id: uuid(),
      type: "payment.settled",
      amount: { minor: random(9_999_999), currency: "KES" },
      merchant: { name: "Duka La Mjini", category: 5411, city: "Nairobi" },
      items: Array.from({ length: 4 }, () => ({ sku: `SKU-${random(9999)}`, quantity: random(9) })),
      created: "2026-11-21T10:15:30.123Z",
      attempts: random(4),
      channel: "app",
      note: "settled in the first window of the day",
    });
  const secret = (): Attribute =>
    pick([
      () => ({
        key: "log.body",
        value: `card ${pick(["4111111111111111", "5555 5555 5555 4444", "378282246310005"])} declined by issuer for order ${random(99_999)}`,
      }),
      () => ({
        key: "url.full",
        value: `https://api.example.com/pay?msisdn=2547${digits(8)}&amount=150&token=${hex(24)}`,
      }),
      () => ({
        key: "log.body",
        value: `login of ${pick(["jane", "amina", "john"])}.${random(999)}@example.co.ke from 10.0.${random(255)}.4`,
      }),
      () => ({ key: "http.request.header.authorization", value: `Bearer ${hex(40)}` }),
      () => ({
        key: "request.body",
        value: `{"cardNumber":"4111111111111111","cvv":"987","expiry":"12/29","amount":${random(9999)}}`,
      }),
      () => ({
        key: "db.query.text",
        value: `UPDATE users SET password = 'Hunter${random(99)}!' WHERE id = ${random(9999)}`,
      }),
    ])();
  const clean = (): Attribute => {
    // Of a hundred: enums 30, paths 12, UUIDs 10, hosts 8, ids 5, integers 5, SQL 8, URLs 6, agents 6, logs 4, JSON 2, stacks 2.
    const share = random(98);
    if (share < 30) {
      const [key, values] = pick(ENUMS);
      return { key, value: pick<string>(values) };
    }
    if (share < 42) return { key: "url.path", value: path() };
    if (share < 52) return { key: pick(["request.id", "finance.payment.id"]), value: uuid() };
    if (share < 60)
      return {
        key: pick(["client.address", "host.name"]),
        value: pick([
          `10.${random(255)}.${random(255)}.${random(255)}`,
          `payments-${hex(9)}-${hex(5)}`,
          "ledger-0.ledger.prod.svc.cluster.local",
        ]),
      };
    if (share < 65)
      return {
        key: "messaging.message.id",
        value: pick([`ord_${hex(16)}`, `01HZX3NDEKTSV4RRFFQ69G5FAV`, `evt-${digits(9)}`]),
      };
    if (share < 70) return { key: "app.count", value: digits(1 + random(7)) };
    if (share < 78) return { key: "db.query.text", value: pick(SQL) };
    if (share < 84)
      return {
        key: "url.full",
        value: `https://api.example.com${path()}?page=${random(50)}&limit=20&sort=created_at&q=${pick(["coffee", "airtime", "school fees"]).replace(" ", "%20")}`,
      };
    if (share < 90) return { key: "user_agent.original", value: pick(AGENTS) };
    if (share < 94)
      return {
        key: "log.body",
        value: `payment ${random(99_999)} settled in ${random(900)} ms, attempt ${random(4)} of 3 at ${pick(["equity", "kcb", "stanbic"])} gateway`,
      };
    if (share < 96) return { key: "log.body", value: json() };
    return { key: "exception.stacktrace", value: stack() };
  };
  return Array.from({ length: count }, () => {
    if (part === "secret") return secret();
    if (part === "stack") return { key: "exception.stacktrace", value: stack() };
    return part === "mixed" && random(100) < 2 ? secret() : clean();
  });
}
