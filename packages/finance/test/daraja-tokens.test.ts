import { afterEach, expect, test, vi } from "vitest";
import { createDarajaTokens } from "../src/daraja/index.ts";
import { CONSUMER, startDaraja, TOKEN } from "./daraja-server.ts";
import { recordTelemetry } from "./telemetry.ts";

const REFRESHES = [
  "finance.provider.token.refreshes",
  ["finance.provider.name", "finance.outcome", "error.type"],
] as const;
const TTL = ["finance.provider.token.ttl", ["finance.provider.name"]] as const;
const AT_ZERO = {
  "safaricom completed -": 0,
  "safaricom failed DARAJA_REFUSED": 0,
  "safaricom failed DARAJA_SILENT": 0,
  "safaricom failed DARAJA_UNREACHABLE": 0,
};

const clock = performance.now.bind(performance);
let ahead = 0;
const later = (seconds: number): void => {
  ahead += seconds * 1_000;
  vi.spyOn(performance, "now").mockImplementation(() => clock() + ahead);
};

afterEach(() => {
  ahead = 0;
  vi.restoreAllMocks();
});

test("100 callers at once make one request for a token, and the next ones none", async () => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => undefined);
  const tokens = createDarajaTokens({ baseUrl: daraja.url, ...CONSUMER });
  expect(await recorded.series(...REFRESHES)).toEqual(AT_ZERO);
  const given = await Promise.all(Array.from({ length: 100 }, () => tokens.get()));
  expect(new Set(given)).toEqual(new Set(["canary-token-1"]));
  expect(await tokens.get()).toBe("canary-token-1");
  expect(daraja.received.map(({ route }) => route)).toEqual([TOKEN]);
  expect(await recorded.series(...REFRESHES)).toEqual({ ...AT_ZERO, "safaricom completed -": 1 });
});

test("a token is good until 60 s before its end, and the gauge tells the seconds that are left", async () => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => undefined);
  const tokens = createDarajaTokens({ baseUrl: daraja.url, ...CONSUMER });
  expect(await recorded.series(...TTL)).toEqual({});
  await tokens.get();
  later(3_500);
  expect(await tokens.get()).toBe("canary-token-1");
  const { safaricom: left = 0 } = await recorded.series(...TTL);
  expect(Math.round(left / 10)).toBe(10);
  later(40);
  expect(await tokens.get()).toBe("canary-token-2");
  const { safaricom: fresh = 0 } = await recorded.series(...TTL);
  expect(Math.round(fresh)).toBe(3_599);
});

test("a refresh that fails is told to those who waited for it, and the next one who asks tries again", async () => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(({ route }, at) =>
    route === TOKEN && at <= 2 ? { status: 503, text: "<html>busy</html>" } : undefined,
  );
  const tokens = createDarajaTokens({ baseUrl: daraja.url, ...CONSUMER });
  const waited = await Promise.allSettled([tokens.get(), tokens.get(), tokens.get()]);
  expect(waited.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
  await expect(tokens.get()).rejects.toMatchObject({
    code: "DARAJA_SILENT",
    operation: "token",
    failure: { outcome: "failed", domain: "network", retriable: true },
  });
  expect(await recorded.series(...TTL)).toEqual({ safaricom: 0 });
  expect(await tokens.get()).toBe("canary-token-1");
  expect(daraja.received).toHaveLength(3);
  expect(await recorded.series(...REFRESHES)).toEqual({
    ...AT_ZERO,
    "safaricom completed -": 1,
    "safaricom failed DARAJA_SILENT": 2,
  });
});

test("while a token can still be used, a refresh that fails fails nobody", async () => {
  await using daraja = await startDaraja(({ route }, at) =>
    route === TOKEN && at === 2 ? "reset" : undefined,
  );
  const tokens = createDarajaTokens({ baseUrl: daraja.url, ...CONSUMER });
  await tokens.get();
  later(3_550);
  expect(await tokens.get()).toBe("canary-token-1");
  expect(await tokens.get()).toBe("canary-token-2");
});

test("of callers who saw the same token refused, the first one drops it and no newer one", async () => {
  await using daraja = await startDaraja(() => undefined);
  const tokens = createDarajaTokens({ baseUrl: daraja.url, ...CONSUMER });
  const old = await tokens.get();
  tokens.drop(old);
  expect(await tokens.get()).toBe("canary-token-2");
  tokens.drop(old);
  expect(await tokens.get()).toBe("canary-token-2");
});

test("wrong credentials, silence and an address where nobody is are told apart and name nothing secret", async () => {
  using recorded = recordTelemetry();
  await using daraja = await startDaraja(() => undefined);
  await using away = await startDaraja(() => undefined);
  await away[Symbol.asyncDispose]();
  await using mute = await startDaraja(() => "hang");
  const errors = [];
  for (const options of [
    { baseUrl: daraja.url, consumerKey: "canary-wrong-key", consumerSecret: "canary-wrong" },
    { baseUrl: mute.url, ...CONSUMER, timeoutMs: 50 },
    { baseUrl: away.url, ...CONSUMER },
  ]) {
    errors.push(
      await createDarajaTokens(options)
        .get()
        .catch((error: unknown) => error),
    );
  }
  expect(errors.map((error) => String(error))).toEqual([
    "DarajaError: Daraja refused token: HTTP 400, 400.008.01",
    "DarajaError: Daraja did not answer token (TimeoutError)",
    "DarajaError: Daraja could not be reached for token (ECONNREFUSED)",
  ]);
  expect(errors).toMatchObject([
    { failure: { outcome: "failed", domain: "platform", retriable: false } },
    { failure: { outcome: "failed", domain: "network", retriable: true } },
    { failure: { outcome: "failed", domain: "network", retriable: true } },
  ]);
  expect(await recorded.series(...REFRESHES)).toEqual({
    ...AT_ZERO,
    "safaricom failed DARAJA_REFUSED": 1,
    "safaricom failed DARAJA_SILENT": 1,
    "safaricom failed DARAJA_UNREACHABLE": 1,
  });
  const spans = recorded.spans.getFinishedSpans();
  const seen = JSON.stringify(
    spans.map(({ name, attributes, status, events }) => ({ name, attributes, status, events })),
  );
  expect(spans.map(({ name }) => name)).toEqual(Array(3).fill("safaricom token"));
  expect(seen + JSON.stringify(errors) + errors.map((error) => (error as Error).stack)).not.toMatch(
    /canary|Basic/,
  );
});

test.each([
  ["api.safaricom.co.ke", /no URL/],
  ["http://api.safaricom.co.ke", /write https/],
  ["https://key:canary@api.safaricom.co.ke", /user or a password/],
  ["ftp://localhost", /no URL/],
])("credentials are not sent to %s", (baseUrl, sentence) => {
  expect(() => createDarajaTokens({ baseUrl, ...CONSUMER })).toThrow(sentence);
  expect(() => createDarajaTokens({ baseUrl, ...CONSUMER })).not.toThrow(/canary/);
});

test("without a key or a secret there is no client", () => {
  const baseUrl = "https://api.safaricom.co.ke";
  for (const missing of [{ consumerKey: "" }, { consumerSecret: undefined as never }]) {
    expect(() => createDarajaTokens({ baseUrl, ...CONSUMER, ...missing })).toThrow(/is empty/);
  }
});
