import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import {
  createRateLimit,
  createTenantBuckets,
  createWindowLimiter,
  observeQuota,
  observeRateLimits,
  operation,
  type QuotaUse,
  rateLimitHeaders,
  rateLimitHits,
  readRateLimits,
  withTenant,
} from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const HITS = [
  "finance.rate_limiting.hits",
  [
    "finance.rate_limiting.policy.name",
    "finance.rate_limiting.outcome",
    "finance.rate_limiting.scope",
    "finance.tenant.tier",
  ],
] as const;
const clock = performance.now.bind(performance);

function later(seconds: number): void {
  const at = performance.now() + seconds * 1_000 - clock();
  vi.spyOn(performance, "now").mockImplementation(() => clock() + at);
}

afterEach(() => {
  vi.restoreAllMocks();
});

test("the 101st request of a window of 100 is answered 429 with headers, and counts once", async () => {
  using recorded = recordTelemetry();
  const limit = createRateLimit({
    policy: "api_per_tenant",
    scope: "tenant",
    limit: 100,
    windowSeconds: 60,
    tiers: ["standard", "premium"],
  });
  const server = createServer((_request, response) => {
    const { isAllowed, headers } = limit.take("org_42", { tier: "standard" });
    response.writeHead(isAllowed ? 200 : 429, headers).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const answers: Response[] = [];
  for (let at = 0; at < 101; at += 1) answers.push(await fetch(url));
  server.close();

  const told = ({ status, headers }: Response): unknown[] => [
    status,
    ...["ratelimit-policy", "ratelimit", "ratelimit-limit", "ratelimit-remaining"].map((name) =>
      headers.get(name),
    ),
    headers.get("ratelimit-reset"),
    headers.get("retry-after"),
  ];
  const policy = '"api_per_tenant";q=100;w=60';
  const reset = answers[100]?.headers.get("retry-after");
  expect(Number(reset)).toBeGreaterThan(0);
  expect(told(answers[0]!)).toEqual([
    200,
    policy,
    '"api_per_tenant";r=99;t=60',
    "100",
    "99",
    "60",
    null,
  ]);
  expect(told(answers[99]!).slice(0, 2)).toEqual([200, policy]);
  expect(told(answers[100]!)).toEqual([
    429,
    policy,
    `"api_per_tenant";r=0;t=${reset}`,
    "100",
    "0",
    reset,
    reset,
  ]);
  expect(await recorded.series(...HITS)).toEqual({
    "api_per_tenant rejected tenant standard": 1,
    "api_per_tenant delayed tenant standard": 0,
    "api_per_tenant rejected tenant premium": 0,
    "api_per_tenant delayed tenant premium": 0,
  });
});

test("a hit is on the span and on the record of the work with its tenant, whose id no metric has", async () => {
  using recorded = recordTelemetry();
  const limit = rateLimitHits({
    policy: "stk_push_per_tenant",
    scope: "tenant",
    tiers: ["standard"],
  });
  withTenant({ id: "org_42", tier: "standard" }, () =>
    operation({ name: "collect" }, () => limit.hit({ outcome: "delayed" })),
  );
  const attributes = {
    "finance.rate_limiting.policy.name": "stk_push_per_tenant",
    "finance.rate_limiting.outcome": "delayed",
  };
  expect(recorded.spans.getFinishedSpans()[0]?.attributes).toMatchObject({
    ...attributes,
    "finance.tenant.id": "org_42",
  });
  expect(recorded.logs.getFinishedLogRecords()[0]?.attributes).toMatchObject(attributes);
  expect(await recorded.series(...HITS)).toEqual({
    "stk_push_per_tenant rejected tenant standard": 0,
    "stk_push_per_tenant delayed tenant standard": 1,
  });
});

test("a window begins with the first request of its key and ends by itself; keys do not share it", () => {
  const { take } = createWindowLimiter({ limit: 2, windowSeconds: 10 });
  const allowed = (key: string): boolean => take(key).isAllowed;
  expect([allowed("a"), allowed("a"), allowed("a"), allowed("b")]).toEqual([
    true,
    true,
    false,
    true,
  ]);
  later(9.5);
  expect(allowed("a")).toBe(false);
  later(0.6);
  expect(take("a")).toEqual({
    isAllowed: true,
    limit: 2,
    remaining: 1,
    resetSeconds: expect.closeTo(10),
    windowSeconds: 10,
  });
});

test("as many keys are counted as may be; the one whose window ends first is forgotten", () => {
  const limiter = createWindowLimiter({ limit: 1, windowSeconds: 10, mostKeys: 3 });
  for (const key of ["a", "b", "c", "d"]) limiter.take(key);
  const allowed = ["b", "c", "d", "a"].map((key) => limiter.take(key).isAllowed);
  expect(allowed).toEqual([false, false, false, true]);
  // One that has begun anew ends last.
  const other = createWindowLimiter({ limit: 1, windowSeconds: 10, mostKeys: 4 });
  for (const key of ["a", "b", "c"]) other.take(key);
  later(6);
  other.take("d");
  later(5);
  for (const key of ["c", "e", "f", "g"]) other.take(key);
  expect(["c", "g", "d"].map((key) => other.take(key).isAllowed)).toEqual([false, false, true]);
  expect(() => createWindowLimiter({ limit: 0, windowSeconds: 10 })).toThrow(/limit is 0/);
});

test("what was told is read back, also with names that need quoting, and nothing breaks out of its header", () => {
  const told = { policy: 'a "b" \\ c', limit: 100, remaining: 40, resetSeconds: 29.1 };
  expect(readRateLimits(new Headers(rateLimitHeaders({ ...told, windowSeconds: 60 })))).toEqual([
    { policy: 'a "b" \\ c', limit: 100, remaining: 40, resetSeconds: 30, windowSeconds: 60 },
  ]);
  const broken = { policy: "é\r\nSet-Cookie: a=b", limit: 1.5, remaining: -3, resetSeconds: NaN };
  expect(rateLimitHeaders({ ...broken, isRejected: true })).toEqual({
    "RateLimit-Policy": '"???Set-Cookie: a=b";q=1',
    RateLimit: '"???Set-Cookie: a=b";r=0;t=0',
    "RateLimit-Limit": "1",
    "RateLimit-Remaining": "0",
    "RateLimit-Reset": "0",
    "Retry-After": "0",
  });
});

test.each<[Record<string, string | string[]>, ReturnType<typeof readRateLimits>]>([
  [{}, []],
  [
    {
      "ratelimit-policy": '"burst";q=100;w=60,"daily";q=1000;w=86400;pk=:Zm9v:',
      ratelimit: ['"burst";r=50;t=30', '"daily";r=990'],
    },
    [
      { policy: "burst", limit: 100, windowSeconds: 60, remaining: 50, resetSeconds: 30 },
      { policy: "daily", limit: 1000, windowSeconds: 86_400, remaining: 990 },
    ],
  ],
  [
    { "ratelimit-limit": "100, 100;w=60", "ratelimit-remaining": "7", "ratelimit-reset": "12" },
    [{ limit: 100, remaining: 7, resetSeconds: 12 }],
  ],
  [
    {
      "x-ratelimit-limit": "60",
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": "1795550460",
      "retry-after": "30",
    },
    [{ limit: 60, remaining: 0, resetSeconds: 60, retryAfterSeconds: 30 }],
  ],
  [
    { "x-ratelimit-remaining": "5", "x-ratelimit-reset": "1795550460500" },
    [{ remaining: 5, resetSeconds: 61 }],
  ],
  [{ "retry-after": "Tue, 24 Nov 2026 20:02:00 GMT" }, [{ retryAfterSeconds: 120 }]],
  [
    {
      ratelimit: '"a";r=1e9;t=-5, junk',
      "ratelimit-limit": "many",
      "x-ratelimit-limit": "1.5",
      "retry-after": "soon",
    },
    [{ policy: "a" }],
  ],
])("the headers %j are read", (headers, states) => {
  expect(readRateLimits(headers, new Date("2026-11-24T20:00:00Z"))).toEqual(states);
});

test("how much of a provider's limits is used is a gauge until their windows end, with a bounded number of series", async () => {
  using recorded = recordTelemetry();
  const gauge = () =>
    recorded.series("finance.rate_limiting.utilization", [
      "finance.provider.name",
      "finance.rate_limiting.policy.name",
    ]);
  observeRateLimits("safaricom", [
    { limit: 100, remaining: 25, resetSeconds: 10 },
    { policy: "daily", limit: 1_000, remaining: 0, resetSeconds: 3_600 },
    { policy: "unlimited", limit: 0, remaining: 0 },
    { policy: "silent" },
  ]);
  expect(await gauge()).toEqual({ "safaricom -": 0.75, "safaricom daily": 1 });
  later(11);
  expect(await gauge()).toEqual({ "safaricom daily": 1 });
  for (let at = 0; at < 1_000; at += 1) {
    observeRateLimits("acme", [{ policy: `p${at}`, limit: 10, remaining: 5 }]);
  }
  expect(Object.keys(await gauge())).toHaveLength(51);
  later(4_000);
  expect(await gauge()).toEqual({});
});

test("the use of quotas is a gauge by tier and bucket; of tenants without one, the fullest counts", async () => {
  using recorded = recordTelemetry();
  let uses: QuotaUse[] = [
    { quota: "stk_push_per_month", tenantId: "org_1", tier: "standard", used: 81, limit: 100 },
    ...Array.from({ length: 1_000 }, (_, at): QuotaUse => {
      return {
        quota: "stk_push_per_month",
        tenantId: `o${at}`,
        tier: "standard",
        used: at,
        limit: 1e4,
      };
    }),
    { quota: "stk_push_per_month", tenantId: "org_2", tier: "premium", used: 3, limit: 2 },
    { quota: "free", tenantId: "org_2", tier: "premium", used: 3, limit: 0 },
  ];
  const buckets = createTenantBuckets({ contractual: ["org_2"] });
  observeQuota({ find: async () => uses, buckets });
  const gauge = () =>
    recorded.series("finance.quota.utilization", [
      "finance.quota.name",
      "finance.tenant.tier",
      "finance.tenant.bucket",
    ]);
  expect(await gauge()).toEqual({
    "stk_push_per_month standard _other": 0.81,
    "stk_push_per_month premium org_2": 1.5,
  });
  uses = [];
  expect(await gauge()).toEqual({});
});

test("being asked for its quota at each export gives no tenant a bucket", async () => {
  using recorded = recordTelemetry();
  const use: QuotaUse = { quota: "api", tenantId: "o1", tier: "free", used: 1, limit: 2 };
  observeQuota({ find: async () => [use], buckets: createTenantBuckets({ most: 2 }) });
  const series = () => recorded.series("finance.quota.utilization", ["finance.tenant.bucket"]);
  for (let at = 0; at < 200; at += 1) await series();
  expect(await series()).toEqual({ _other: 0.5 });
});

test("asking for all tenants alike gives none of them a bucket", () => {
  const buckets = createTenantBuckets({ most: 2 });
  for (let at = 0; at < 1_000; at += 1) buckets.peek("org_1");
  expect(buckets.peek("org_1")).toBe("_other");
  for (let at = 0; at < 200; at += 1) buckets.of("org_1");
  expect([buckets.peek("org_1"), buckets.peek(undefined)]).toEqual(["org_1", "_other"]);
});
