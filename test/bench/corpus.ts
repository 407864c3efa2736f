import { createRandom, type Random } from "./random.ts";
import { secretAttribute } from "./secret-attributes.ts";

export interface Attribute {
  key: string;
  value: string | number;
  /** What must not be left of the value; absent for a clean one. */
  secret?: string;
}

/** Attributes as a payments service makes them; the same for the same seed. */
export function mixOf(count: number, seed: number): Attribute[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    let at = random.below(100);
    const [, make] = MIX.find(([share]) => (at -= share) < 0)!;
    return whole(make(random));
  });
}

/** Stack traces of about this many characters. */
export function stacksOf(count: number, length: number, seed: number): Attribute[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => whole(stack(random, length)));
}

// As a driver or a server gives it: in one piece, and no concatenation or part of another text, which V8 reads slowly.
function whole(attribute: Attribute): Attribute {
  const { value } = attribute;
  return typeof value === "string"
    ? { ...attribute, value: Buffer.from(value).toString() }
    : attribute;
}

// Shares in percent: the mix of a day's attributes of payments services.
const MIX: readonly (readonly [share: number, make: (random: Random) => Attribute])[] = [
  [30, enumeration],
  [12, path],
  [
    10,
    (random) => ({ key: random.pick(["order.id", "request.id", "event.id"]), value: uuid(random) }),
  ],
  [8, host],
  [5, reference],
  [
    5,
    (random) => ({
      key: random.pick(["retry.count", "rows", "queue.size"]),
      value: random.below(100_000),
    }),
  ],
  [8, sql],
  [6, url],
  [6, userAgent],
  [4, logLine],
  [2, json],
  [2, (random) => stack(random, 2_000 + random.below(2_000))],
  [2, secretAttribute],
];

const ENUMS: readonly (readonly [key: string, values: readonly string[]])[] = [
  ["http.request.method", ["GET", "POST", "PUT", "DELETE"]],
  ["payment.outcome", ["completed", "failed", "cancelled", "unknown"]],
  ["db.system.name", ["postgresql", "redis", "mysql"]],
  ["rpc.system", ["grpc", "aws-api"]],
  ["currency", ["KES", "UGX", "ZAR", "NGN", "USD"]],
  ["messaging.operation.type", ["publish", "receive", "process"]],
  ["failure.domain", ["customer", "merchant", "provider", "platform", "network"]],
  ["log.level", ["debug", "info", "warn", "error"]],
  ["network.protocol.version", ["1.1", "2", "3"]],
  ["feature.enabled", ["true", "false"]],
];
const RESOURCES = [
  "payments",
  "payouts",
  "orders",
  "wallets",
  "refunds",
  "merchants",
  "settlements",
];
const ACTIONS = ["", "/status", "/confirm", "/items", "/history"];
const TABLES = ["payment", "payout", "ledger_entry", "wallet", "merchant", "outbox", "fee_rule"];
const COLUMNS = [
  "id",
  "state",
  "created_at",
  "amount_minor",
  "currency",
  "merchant_id",
  "attempts",
];
const MODULES = ["fastify", "pg", "undici", "express", "avvio", "pino", "ioredis"];
const FUNCTIONS = [
  "handle",
  "query",
  "onResponse",
  "retry",
  "Client._connect",
  "runHooks",
  "settle",
];

function enumeration(random: Random): Attribute {
  const [key, values] = random.pick(ENUMS);
  return { key, value: random.pick(values) };
}

function path(random: Random): Attribute {
  const id = random.pick([
    uuid(random),
    "{id}",
    String(random.below(1e6)),
    `ord_${random.hex(10)}`,
  ]);
  const value = `/v${1 + random.below(3)}/${random.pick(RESOURCES)}/${id}${random.pick(ACTIONS)}`;
  return { key: random.pick(["url.path", "http.route"]), value };
}

function host(random: Random): Attribute {
  const octets = Array.from({ length: 4 }, () => 1 + random.below(254)).join(".");
  const name = `${random.pick(RESOURCES)}-${random.hex(5)}.svc.cluster.internal`;
  return { key: random.pick(["server.address", "host.name"]), value: random.pick([octets, name]) };
}

function reference(random: Random): Attribute {
  const value = random.pick([
    `ord_${random.hex(16)}`,
    `ORD-${random.digits(10)}`,
    `NLJ${random.below(9)}RT${random.digits(2)}SV`,
    `batch-2026-11-${10 + random.below(20)}-${random.digits(4)}`,
  ]);
  return { key: random.pick(["order.reference", "batch.name", "receipt"]), value };
}

function sql(random: Random): Attribute {
  const table = random.pick(TABLES);
  const [one, other] = [random.pick(COLUMNS), random.pick(COLUMNS)];
  const value = random.pick([
    `SELECT ${one}, ${other}, updated_at FROM ${table} WHERE id = $1 AND state = $2 ORDER BY created_at DESC LIMIT 50`,
    `UPDATE ${table} SET ${one} = $1, ${other} = $2, updated_at = now() WHERE id = $3 RETURNING id`,
    `INSERT INTO ${table} (${one}, ${other}) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`,
    `select count(*) from ${table} t join merchant m on m.id = t.merchant_id where t.${one} = ? and m.${other} > ?`,
  ]);
  return { key: "db.query.text", value };
}

function url(random: Random): Attribute {
  const page = random.below(40);
  const value = `https://api.${random.pick(["pay", "ledger", "fx"])}.example.com/v1/${random.pick(RESOURCES)}/${uuid(random)}?page=${page}&limit=50&sort=-created_at&state=${random.pick(["open", "closed"])}`;
  return { key: "url.full", value };
}

function userAgent(random: Random): Attribute {
  const build = `${100 + random.below(40)}.0.${random.below(7000)}.${random.below(200)}`;
  const value = random.pick([
    `Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${build} Mobile Safari/537.36`,
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${build} Safari/537.36`,
    `okhttp/4.${random.below(13)}.0`,
    `node/26.10.0 undici/7.${random.below(20)}.1`,
  ]);
  return { key: "user_agent.original", value };
}

function logLine(random: Random): Attribute {
  const value = `2026-11-24T10:${10 + random.below(50)}:${10 + random.below(50)}.${random.digits(3)}Z INFO ${random.pick(RESOURCES)}: request ${uuid(random)} took ${random.below(900)} ms, attempt ${1 + random.below(3)} of 3, upstream answered ${random.pick(["200", "202", "409", "503"])} (trace ${random.hex(32)})`;
  return { key: "log.body", value };
}

function json(random: Random): Attribute {
  const item = (): object => ({
    sku: `SKU-${random.hex(6)}`,
    quantity: 1 + random.below(9),
    amountMinor: random.below(1e6),
  });
  const body = {
    orderId: uuid(random),
    state: random.pick(["open", "paid", "shipped"]),
    createdAt: "2026-11-24T10:15:30.123Z",
    totals: { amountMinor: random.below(1e7), currency: "KES", feeMinor: random.below(1e4) },
    items: [item(), item(), item()],
    merchant: { region: "nairobi", tier: random.pick(["gold", "silver"]), shard: random.below(64) },
    links: { self: `/v1/orders/${uuid(random)}` },
  };
  return { key: "request.summary", value: JSON.stringify(body) };
}

function stack(random: Random, length: number): Attribute {
  let value = `Error: upstream answered ${random.pick(["502", "503", "504"])} after ${random.below(30_000)} ms`;
  while (value.length < length) {
    const place = `${1 + random.below(900)}:${1 + random.below(80)}`;
    value += random.pick([
      `\n    at async ${random.pick(FUNCTIONS)} (file:///srv/app/dist/${random.pick(RESOURCES)}/handler.js:${place})`,
      `\n    at ${random.pick(FUNCTIONS)} (/srv/app/node_modules/${random.pick(MODULES)}/lib/${random.hex(4)}.js:${place})`,
      `\n    at process.processTicksAndRejections (node:internal/process/task_queues:${place})`,
    ]);
  }
  return { key: "exception.stacktrace", value: value.slice(0, length) };
}

function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}
