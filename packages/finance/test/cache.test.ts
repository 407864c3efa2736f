import { expect, test } from "vitest";
import { observeCaches } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const LABELS = ["finance.cache.name", "finance.cache.result"];

test("look-ups are counted by cache and result, each from zero, and no key is a label", async () => {
  using recorded = recordTelemetry();
  const kept = new Map<string, number>();
  const caches = observeCaches({ rates: { size: () => kept.size }, jwt: {} });
  const load = (): number => 130;
  expect(await caches.rates.getOrLoad(kept, "USD-KES", load)).toBe(130);
  expect(await caches.rates.getOrLoad(kept, "USD-KES", load)).toBe(130);
  caches.rates.count("hit");
  expect(await recorded.series("finance.cache.operations", LABELS)).toEqual({
    "rates hit": 2,
    "rates miss": 1,
    "rates error": 0,
    "jwt hit": 0,
    "jwt miss": 0,
    "jwt error": 0,
  });
  expect(await recorded.series("finance.cache.size", ["finance.cache.name"])).toEqual({ rates: 1 });
});

test("a store that fails costs a load and is counted once; what load throws is thrown unchanged", async () => {
  using recorded = recordTelemetry();
  const broken = {
    get: () => Promise.reject<undefined>(new Error("away")),
    set: () => Promise.reject(new Error("away")),
  };
  const full = {
    get: () => null,
    set: () => {
      throw new Error("full");
    },
  };
  const { rates } = observeCaches({ rates: {} });
  expect(await rates.getOrLoad(broken, "USD-KES", () => 130)).toBe(130);
  expect(await rates.getOrLoad(full, "USD-KES", async () => 130)).toBe(130);
  const failure = new Error("nobody quotes it");
  await expect(
    rates.getOrLoad(new Map<string, number>(), "USD-XXX", () => Promise.reject(failure)),
  ).rejects.toBe(failure);
  expect(await recorded.series("finance.cache.operations", LABELS)).toEqual({
    "rates hit": 0,
    "rates miss": 1,
    "rates error": 2,
  });
});

test("a size that cannot be told is left out and hurts no other", async () => {
  using recorded = recordTelemetry();
  observeCaches({
    broken: {
      size: () => {
        throw new Error("away");
      },
    },
    rates: { size: () => 3 },
  });
  expect(await recorded.series("finance.cache.size", ["finance.cache.name"])).toEqual({ rates: 3 });
});
