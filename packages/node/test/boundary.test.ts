import { expect, test } from "vitest";
import { parseBoundary, type Target } from "../src/boundary.ts";
import { hostOf } from "../src/host.ts";

function trace(list: string, address: string, port?: number, key = "traceparent"): boolean {
  const host = hostOf(address);
  if (host === undefined) return false;
  const target: Target = { host, ...(port === undefined ? {} : { port }) };
  return parseBoundary(list).allows(target, key);
}

test.each([
  "localhost",
  "LOCALHOST.",
  "127.0.0.1",
  "127.8.9.10",
  "::1",
  "[::1]",
  "::ffff:127.0.0.1",
  "ledger.internal",
  "Ledger.Internal.",
  "payments.default.svc",
  "payments.default.svc.cluster.local",
  "printer.local",
])("by default the trace goes to %s", (host) => {
  expect([trace("", host, 443), trace("", host, 443, "tracestate")]).toEqual([true, true]);
});

test.each([
  "sandbox.safaricom.co.ke",
  "payments",
  "internal",
  "local",
  "10.0.0.7",
  "192.168.1.9",
  "172.16.0.1",
  "0.0.0.0",
  "fd00::1",
  "fe80::1%lo",
  "::ffff:8.8.8.8",
  "evil.internal.example",
  "internal.evil.example",
  "evilinternal",
  "localhost.evil.example",
  "evil.example#.internal",
  "evil.example/.internal",
  "evil.example?.internal",
  "evil.example\\.internal",
  "evil.example:80.internal",
  "ledger.internal@evil.example",
  "evil.example@ledger.internal",
  "evil.example%2f.internal",
  "evil.example\n.internal",
  "evil.example\0.internal",
  "evil.example .internal",
  "127.1",
  "2130706433",
  "0x7f.0.0.1",
  "0177.0.0.1",
  "127.0.0.1.evil.example",
  "127.0.0.256",
  "ⓔvil.example",
  "раyments.example",
  "a..internal",
  ".internal",
  "[::1",
  "",
  ".",
])("by default nothing goes to %j", (host) => {
  expect(
    ["traceparent", "tracestate", "baggage.tier"].map((key) => trace("", host, 443, key)),
  ).toEqual([false, false, false]);
});

test("baggage goes nowhere by default, and to an allowed host by its own name alone", () => {
  const list = "ledger.internal=trace+baggage.tier";
  expect({
    default: trace("", "localhost", 80, "baggage.tier"),
    tier: trace(list, "ledger.internal", 80, "baggage.tier"),
    other: trace(list, "ledger.internal", 80, "baggage.customer"),
    elsewhere: trace(list, "other.internal", 80, "baggage.tier"),
  }).toEqual({ default: false, tier: true, other: false, elsewhere: false });
});

test.each([
  // A host with its port beats the host, whichever of them denies.
  ["!localhost:8080", "localhost", 8080, false],
  ["!localhost:8080", "localhost", 3000, true],
  ["!localhost,localhost:8080", "localhost", 8080, true],
  ["!localhost,localhost:8080", "localhost", 3000, false],
  // Of the same precision the one that denies wins, in any order.
  ["api.partner.example,!api.partner.example", "api.partner.example", 443, false],
  ["!api.partner.example,api.partner.example", "api.partner.example", 443, false],
  ["!.internal", "ledger.internal", 443, false],
  // A host beats a range and a suffix, a longer suffix a shorter one, a smaller range a larger one.
  ["!.internal,ledger.internal", "ledger.internal", 443, true],
  ["!.bank.internal", "daraja.bank.internal", 443, false],
  ["!.bank.internal", "ledger.internal", 443, true],
  ["10.0.0.0/8,!10.20.0.0/16", "10.20.1.1", 443, false],
  ["10.0.0.0/8,!10.20.0.0/16", "10.21.1.1", 443, true],
  ["10.0.0.0/8,!10.20.0.0/16,10.20.1.1", "10.20.1.1", 443, true],
  ["[fd00::]/8", "fd12::7", 443, true],
  ["[fd00::]/8:8443", "fd12::7", 443, false],
  ["[fd00::]/8", "fe80::7", 443, false],
  // An entry with a port does not allow a port that is not known, and one that denies does.
  ["payments:8080", "payments", undefined, false],
  ["payments,!payments:8080", "payments", undefined, false],
  // Docker Compose's names, other scripts, and none.
  ["payments", "PAYMENTS", 80, true],
  ["bücher.example", "xn--bcher-kva.example", 443, true],
  ["none", "localhost", 80, false],
  ["none,ledger.internal", "ledger.internal", 80, true],
  ["None,ledger.internal", "other.internal", 80, false],
  ["*", "anything.example", 80, true],
  ["*,!.example", "anything.example", 80, false],
  ["partner.example=traceparent", "partner.example", 80, true],
])("with %j, the trace to %s:%s leaves: %s", (list, host, port, expected) => {
  expect(trace(list, host, port)).toBe(expected);
});

test("a denying entry with keys denies them alone", () => {
  const list = "ledger.internal=trace+baggage.tier,!ledger.internal:80=baggage.tier";
  expect([80, 81].map((port) => trace(list, "ledger.internal", port, "baggage.tier"))).toEqual([
    false,
    true,
  ]);
  expect(trace(list, "ledger.internal", 80)).toBe(true);
});

test("a topic, an exchange or a queue is allowed by its system and name", () => {
  const { allows } = parseBoundary("kafka/payments.events,rabbitmq/*,!rabbitmq/partner");
  expect(
    ["kafka/payments.events", "kafka/other", "rabbitmq/mine", "rabbitmq/partner"].map(
      (destination) => allows({ destination }, "traceparent"),
    ),
  ).toEqual([true, false, true, false]);
});

test.each([
  "partner.example:99999",
  "http://partner.example",
  "a@partner.example",
  "partner.example=cookie",
  "partner.example=baggage",
  "partner.example=",
  "10.0.0.0/33",
  "partner.example/24",
  "::1",
  "two words",
  "=trace",
])("the wrong entry %j is told and left out", (entry) => {
  const problems: string[] = [];
  const { allows } = parseBoundary(`none,${entry},ledger.internal`, (...told) =>
    problems.push(...told),
  );
  expect(problems).toEqual([entry, "It is left out."]);
  expect(
    ["partner.example", "ledger.internal", "::1"].map((host) =>
      allows({ host, port: 443 }, "traceparent"),
    ),
  ).toEqual([false, true, false]);
});

test("a wrong entry that is to deny closes the boundary", () => {
  const problems: string[] = [];
  const { allows } = parseBoundary("!daraja.internal:99999", (...told) => problems.push(...told));
  expect(problems).toEqual([
    "!daraja.internal:99999",
    "It is to deny something, so nothing is propagated to anyone until then.",
  ]);
  expect(allows({ host: "localhost", port: 80 }, "traceparent")).toBe(false);
});
