import { join } from "node:path";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";

// What each library makes of a token that is wrong in one way.
const JWT = {
  "jose: sound": "none",
  "jose: expired": "expired",
  "jose: bad signature": "bad_signature",
  "jose: wrong audience": "wrong_audience",
  "jose: no audience": "wrong_audience",
  "jose: wrong issuer": "wrong_issuer",
  "jose: not yet valid": "not_yet_valid",
  "jose: other algorithm": "wrong_algorithm",
  "jose: unsigned": "wrong_algorithm",
  "jose: no token": "malformed",
  "jose: no claims": "bad_signature", // which it looks at first
  "jose: nothing": "missing",
  "jsonwebtoken: sound": "none",
  "jsonwebtoken: expired": "expired",
  "jsonwebtoken: bad signature": "bad_signature",
  "jsonwebtoken: wrong audience": "wrong_audience",
  "jsonwebtoken: no audience": "wrong_audience",
  "jsonwebtoken: wrong issuer": "wrong_issuer",
  "jsonwebtoken: not yet valid": "not_yet_valid",
  "jsonwebtoken: other algorithm": "wrong_algorithm",
  "jsonwebtoken: unsigned": "bad_signature",
  "jsonwebtoken: no token": "malformed",
  "jsonwebtoken: no claims": "malformed",
  "jsonwebtoken: nothing": "missing",
};
const OAUTH2 = {
  "jose: known key": "none",
  "jose: unknown key": "unknown_key",
  "jose: keys not given": "unavailable",
  "jose: keys away": "unavailable",
  "jsonwebtoken: Unable to find a signing key that matches 'k1'": "unknown_key",
  "jsonwebtoken: connect ECONNREFUSED": "unavailable",
};

/** How many of each there are. */
function tally(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

test("attempts to authenticate, caches and the self-test of keys are series, events and records, and no token leaves", async () => {
  await using receiver = await startOtlpReceiver();
  await using application = await spawnService({
    name: "security.mjs",
    command: process.execPath,
    args: ["--require", "@assay/node/register", join(import.meta.dirname, "security.mjs")],
    cwd: import.meta.dirname,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ASSAY_START_LINE: "false" },
  });
  const { code } = await application.exited;
  expect({ code, stderr: application.output("stderr") }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(application.output("stdout"))).toEqual({ ...JWT, ...OAUTH2 });

  const series = (name: string, labels: readonly string[]): Record<string, number> => {
    const last = receiver.metrics().findLast((metric) => metric.name === name);
    const points = last?.points ?? [];
    return Object.fromEntries(
      points.map(({ attributes, value }) => [
        labels.map((label) => (attributes[label] as string | undefined) ?? "none").join(" "),
        value!,
      ]),
    );
  };
  const attempts = series("finance.auth.attempts", [
    "finance.auth.method",
    "finance.auth.failure.reason",
    "finance.auth.outcome",
  ]);
  const counted = tally([
    ...Object.values(JWT).map((reason) => `jwt ${reason}`),
    ...Object.values(OAUTH2).map((reason) => `oauth2 ${reason}`),
  ]);
  const expected = Object.entries(counted).map(([label, count]) => [
    `${label} ${label.endsWith(" none") ? "success" : "failure"}`,
    count,
  ]);
  expect(Object.fromEntries(Object.entries(attempts).filter(([, value]) => value > 0))).toEqual(
    Object.fromEntries(expected),
  );
  // What has not happened yet is there for `increase()` to begin from.
  expect(attempts).toMatchObject({ "jwt revoked failure": 0, "oauth2 expired failure": 0 });

  expect(
    series("finance.cache.operations", ["finance.cache.name", "finance.cache.result"]),
  ).toEqual({
    "rates hit": 1,
    "rates miss": 2,
    "rates error": 0,
    "jwt hit": 0,
    "jwt miss": 0,
    "jwt error": 0,
  });
  expect(series("finance.cache.size", ["finance.cache.name"])).toEqual({ rates: 2 });
  expect(series("finance.crypto.selftest", ["finance.crypto.key.id"])).toEqual({
    "k-2026-10": 0,
    "k-2026-11": 1,
  });
  const ages = series("finance.crypto.selftest_age", ["finance.crypto.key.id"]);
  expect(Object.keys(ages)).toEqual(["k-2026-10", "k-2026-11"]);

  const all = [...Object.values(JWT), ...Object.values(OAUTH2)];
  const suspicious = all.filter((reason) => /^(?:bad_signature|wrong_algorithm)$/.test(reason));
  const span = receiver.spans().find(({ name }) => name === "request");
  expect(tally((span?.events ?? []).map(({ name }) => name))).toEqual({
    "finance.auth.attempt": all.length,
    "finance.security.violation": suspicious.length,
  });
  const records = receiver.logs().map(({ eventName }) => eventName!);
  expect(tally(records)).toEqual({
    "finance.auth.attempt": all.filter((reason) => reason !== "none").length,
    "finance.security.violation": suspicious.length + 1, // and the key that cannot decrypt
  });
  const sent = JSON.stringify(receiver.requests.map(({ body }) => body));
  expect(sent).not.toMatch(/eyJ|usr_7|login\.example|elsewhere\.example/);
});
