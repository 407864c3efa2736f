import { trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { authFailureReason, createAuthentication } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const LABELS = ["finance.auth.outcome", "finance.auth.failure.reason"];

function above(series: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(series).filter(([, value]) => value > 0));
}

test("every outcome and reason of a declared method is there at zero before anyone comes", async () => {
  using recorded = recordTelemetry();
  createAuthentication({ methods: ["jwt"] });
  const series = await recorded.series("finance.auth.attempts", ["finance.auth.method", ...LABELS]);
  expect(series).toMatchObject({
    "jwt success -": 0,
    "jwt locked -": 0,
    "jwt failure expired": 0,
    "jwt failure bad_signature": 0,
    "jwt failure wrong_audience": 0,
    "jwt failure other": 0,
  });
  expect(Object.values(series).every((value) => value === 0)).toBe(true);
});

test("what a verification gives and throws comes through unchanged, at once or later, and is counted", async () => {
  using recorded = recordTelemetry();
  const authentication = createAuthentication({ methods: ["pin", "jwt"] });
  const expired = Object.assign(new Error("expired"), { code: "ERR_JWT_EXPIRED" });
  const fail = (): never => {
    throw expired;
  };
  expect(authentication.verify("pin", () => true)).toBe(true);
  expect(authentication.verify("pin", () => false)).toBe(false);
  expect(await authentication.verify("jwt", async () => ({ sub: "usr_7" }))).toEqual({
    sub: "usr_7",
  });
  expect(await authentication.verify("jwt", async () => null)).toBe(null);
  expect(() => authentication.verify("jwt", fail)).toThrow(expired);
  await expect(authentication.verify("jwt", async () => fail())).rejects.toBe(expired);
  const series = await recorded.series("finance.auth.attempts", ["finance.auth.method", ...LABELS]);
  expect(above(series)).toEqual({
    "pin success -": 1,
    "pin failure invalid_credentials": 1,
    "jwt success -": 1,
    "jwt failure invalid_credentials": 1,
    "jwt failure expired": 2,
  });
});

test("an attempt is an event on the span, one that failed a record, and a forged one a security event", async () => {
  using recorded = recordTelemetry();
  const { attempt } = createAuthentication({ methods: ["jwt", "pin"] });
  trace.getTracer("test").startActiveSpan("request", (span) => {
    attempt({ method: "jwt", outcome: "success" });
    attempt({ method: "pin", outcome: "failure", reason: "invalid_credentials" });
    attempt({ method: "jwt", outcome: "failure", reason: "bad_signature" });
    attempt({ method: "pin", outcome: "locked" });
    span.end();
  });
  const [span] = recorded.spans.getFinishedSpans();
  expect(span?.events.map(({ name }) => name)).toEqual([
    "finance.auth.attempt",
    "finance.auth.attempt",
    "finance.auth.attempt",
    "finance.security.violation",
    "finance.auth.lockout",
  ]);
  const records = recorded.logs
    .getFinishedLogRecords()
    .map(({ eventName, severityText, attributes }) => [eventName, severityText, attributes]);
  const failed = (method: string, reason: string) => ({
    "finance.auth.method": method,
    "finance.auth.outcome": "failure",
    "finance.auth.failure.reason": reason,
  });
  expect(records).toEqual([
    ["finance.auth.attempt", "WARN", failed("pin", "invalid_credentials")],
    ["finance.auth.attempt", "WARN", failed("jwt", "bad_signature")],
    [
      "finance.security.violation",
      "ERROR",
      {
        ...failed("jwt", "bad_signature"),
        "finance.security.event.type": "invalid_signature",
        "finance.security.severity": "medium",
        "finance.security.action": "denied",
      },
    ],
    [
      "finance.auth.lockout",
      "WARN",
      { "finance.auth.method": "pin", "finance.auth.outcome": "locked" },
    ],
  ]);
});

test("the application's own errors have reasons of the list, and only of the list", async () => {
  using recorded = recordTelemetry();
  const reasons: Record<string, unknown> = { gone: "revoked", odd: "token 4711" };
  const authentication = createAuthentication({
    methods: ["api_key"],
    reasonOf(error) {
      const { message } = error as Error;
      if (message === "breaks") throw new Error("reasonOf is broken");
      return reasons[message] as "revoked" | undefined;
    },
  });
  for (const message of ["gone", "odd", "breaks", "else"]) {
    const work = (): never => {
      throw new Error(message);
    };
    expect(() => authentication.verify("api_key", work)).toThrow(message);
  }
  const reason = "token 4711" as "revoked";
  authentication.attempt({ method: "api_key", outcome: "failure", reason });
  expect(above(await recorded.series("finance.auth.attempts", LABELS))).toEqual({
    "failure revoked": 1,
    "failure other": 4,
  });
});

test("a key server that cannot be reached is not the caller's fault", () => {
  const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
  expect([
    authFailureReason(new TypeError("fetch failed", { cause: refused })),
    authFailureReason(Object.assign(new Error("timed out"), { code: "ERR_JWKS_TIMEOUT" })),
    authFailureReason("no error at all"),
  ]).toEqual(["unavailable", "unavailable", "other"]);
});

test("without an SDK a verification runs all the same", () => {
  const authentication = createAuthentication({ methods: ["jwt"] });
  expect(authentication.verify("jwt", () => "usr_7")).toBe("usr_7");
});
