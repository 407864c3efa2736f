import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createHealth, type HealthOptions } from "../src/health.ts";

const CARD = ["4111", "1111", "1111", "1111"].join("");
const folder = mkdtempSync(join(tmpdir(), "health-"));
const tokenFile = join(folder, "token");
writeFileSync(tokenFile, "t0ken-of-the-probe\n");
afterAll(() => rmSync(folder, { recursive: true }));
const bearer = { headers: { authorization: "Bearer t0ken-of-the-probe" } };

async function served(options: HealthOptions) {
  const { handler } = createHealth(options);
  const server = createServer((request, response) => {
    if (!handler(request, response)) response.writeHead(418).end("the application's own");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    get: async (path: string, init: RequestInit = {}) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
      const text = await response.text();
      const isJson = /json/.test(response.headers.get("content-type") ?? "");
      return {
        status: response.status,
        type: response.headers.get("content-type"),
        body: isJson && text !== "" ? (JSON.parse(text) as unknown) : text,
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const down = async (): Promise<never> => {
  throw new Error(`connect ECONNREFUSED, card ${CARD}`);
};

test("with the database down the process lives and is not ready", async () => {
  await using app = await served({ checks: [{ name: "database", check: down }], version: "1.2" });
  expect(await app.get("/livez")).toEqual({
    status: 200,
    type: "application/health+json",
    body: { status: "pass" },
  });
  expect(await app.get("/readyz?verbose")).toEqual({
    status: 503,
    type: "application/health+json",
    body: { status: "fail" },
  });
  expect(await app.get("/health")).toEqual({
    status: 503,
    type: "application/json",
    body: { status: "unhealthy", timestamp: expect.any(String), version: "1.2" },
  });
  expect(await app.get("/pay")).toMatchObject({ status: 418 });
});

test("what is not critical, or says why it is slow, makes it degraded and ready", async () => {
  const checks = [
    { name: "mpesa", critical: false, check: down },
    { name: "cache", check: async () => "behind by 3 s" },
  ];
  await using app = await served({ checks });
  expect(await app.get("/readyz")).toMatchObject({ status: 200, body: { status: "warn" } });
  expect(await app.get("/health")).toMatchObject({ status: 200, body: { status: "degraded" } });
});

test("the details have each check, with what failed redacted and the others intact", async () => {
  const checks = [
    { name: "database", check: down },
    { name: "mpesa_api", check: async () => {} },
  ];
  await using app = await served({ checks, authorize: { tokenFile } });
  const { status, body } = await app.get("/health/detailed", bearer);
  const check = { response_time_ms: expect.any(Number), checked_at: expect.any(String) };
  expect({ status, body }).toEqual({
    status: 503,
    body: {
      status: { application: "unhealthy", database: "unhealthy", mpesa_api: "healthy" },
      checks: {
        database: {
          ...check,
          status: "unhealthy",
          critical: true,
          message: expect.any(String),
        },
        mpesa_api: { ...check, status: "healthy", critical: true },
      },
      timestamp: expect.any(String),
    },
  });
});

test("nobody without the token reads the details, and nobody at all without authorize", async () => {
  await using app = await served({ authorize: { tokenFile } });
  await using open = await served({});
  await using broken = await served({ authorize: { tokenFile: join(folder, "absent") } });
  writeFileSync(join(folder, "empty"), "\n");
  await using empty = await served({ authorize: { tokenFile: join(folder, "empty") } });
  const wrong = { headers: { authorization: "Bearer wrong" } };
  const none = { headers: { authorization: "Bearer " } };
  for (const path of ["/health/detailed", "/health/telemetry"]) {
    const all = [
      app.get(path),
      app.get(path, wrong),
      open.get(path, bearer),
      broken.get(path, bearer),
      empty.get(path, none),
      app.get(path, bearer),
    ];
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses).toEqual([401, 401, 403, 401, 401, 200]);
  }
});

test("a function may let in, and one that throws lets nobody in", async () => {
  const throws = (): boolean => {
    throw new Error("no directory");
  };
  await using app = await served({ authorize: (headers) => headers.get("x-role") === "operator" });
  await using broken = await served({ authorize: throws });
  const operator = { headers: { "x-role": "operator" } };
  expect(await app.get("/health/detailed", operator)).toMatchObject({ status: 200 });
  expect(await app.get("/health/detailed")).toMatchObject({ status: 401 });
  expect(await broken.get("/health/detailed", operator)).toMatchObject({ status: 401 });
});

test("a check that hangs is unhealthy after its time, and is not asked again while it hangs", async () => {
  let asked = 0;
  let end: () => void = () => {};
  const check = (): Promise<void> => {
    asked += 1;
    return new Promise((resolve) => {
      end = resolve;
    });
  };
  await using app = await served({
    checks: [{ name: "bank", check, timeoutMs: 20, cacheMs: 0 }],
    authorize: () => true,
  });
  const [first, second] = await Promise.all([app.get("/health/detailed"), app.get("/readyz")]);
  const third = await app.get("/health/detailed");
  expect({ asked, statuses: [first, second, third].map(({ status }) => status) }).toEqual({
    asked: 1,
    statuses: [503, 503, 503],
  });
  expect(third.body).toMatchObject({ checks: { bank: { message: "no answer within 20 ms" } } });
  end();
});

test("a fresh answer is given again without asking", async () => {
  let asked = 0;
  const check = async (): Promise<void> => {
    asked += 1;
  };
  await using app = await served({ checks: [{ name: "database", check, cacheMs: 60_000 }] });
  for (const path of ["/readyz", "/health", "/readyz"]) await app.get(path);
  expect(asked).toBe(1);
});

test("a check that throws at once, or whose name is no name, throws nothing into the server", async () => {
  const throws = (): Promise<void> => {
    throw new TypeError("at once");
  };
  await using app = await served({
    checks: [{ name: "sync", check: throws }],
    authorize: () => true,
  });
  expect((await app.get("/health/detailed")).body).toMatchObject({
    checks: { sync: { status: "unhealthy" } },
  });
});

test("other methods are refused, and HEAD has no body", async () => {
  await using app = await served({});
  expect(await app.get("/livez", { method: "POST" })).toMatchObject({ status: 405 });
  expect(await app.get("/livez", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
});

test("with a prefix the paths begin with it, as a Request, too", async () => {
  const { fetch: answer } = createHealth({ prefix: "/internal" });
  const statusOf = async (path: string): Promise<number> =>
    (await answer(new Request(`http://host${path}`))).status;
  const paths = ["/internal/livez", "/internal/health/telemetry", "/livez", "/internal/x"];
  expect(await Promise.all(paths.map(statusOf))).toEqual([200, 403, 404, 404]);
});
