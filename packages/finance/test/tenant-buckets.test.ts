import { expect, test } from "vitest";
import { createTenantBuckets } from "../src/index.ts";

function countAll(most: number, ids: readonly (string | undefined)[], contractual: string[] = []) {
  const buckets = createTenantBuckets({ most, contractual });
  const counts = new Map<string, number>();
  for (const id of ids) {
    const bucket = buckets.of(id);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return counts;
}

// Every third measurement is of one of three large tenants, the others of 10,000 small ones.
function traffic(count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    at % 3 === 0 ? `large_${(at / 3) % 3}` : `small_${(at * 7_919) % 10_000}`,
  );
}

test("the large of 10,000 tenants have a bucket, all others share one, and no measurement is lost", () => {
  const counts = countAll(10, traffic(100_000));
  expect(["large_0", "large_1", "large_2"].every((id) => (counts.get(id) ?? 0) > 10_000)).toBe(
    true,
  );
  expect([...counts.keys()].filter((id) => id.startsWith("small_"))).toEqual([]);
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(100_000);
});

test("never more than the allowed buckets and the common one, whoever comes", () => {
  const waves = Array.from({ length: 50_000 }, (_, at) => `wave_${Math.floor(at / 500)}`);
  expect(countAll(5, waves).size).toBe(6);
});

test("a contractual tenant has its bucket from its first measurement, and outside a tenant it is the common one", () => {
  expect(countAll(5, ["gold", "lead", undefined], ["gold"])).toEqual(
    new Map([
      ["gold", 1],
      ["_other", 2],
    ]),
  );
});

test("a bucket that was given stays given", () => {
  const buckets = createTenantBuckets({ most: 2 });
  const first = Array.from({ length: 200 }, () => buckets.of("early")).at(-1);
  for (const id of traffic(10_000)) buckets.of(id);
  expect([first, buckets.of("early")]).toEqual(["early", "early"]);
});

test("a tenant that is only looked up is not counted", () => {
  const buckets = createTenantBuckets({ contractual: ["gold"] });
  const looked = Array.from({ length: 200 }, () => buckets.peek("small"));
  expect([new Set(looked), buckets.peek("gold"), buckets.peek(undefined)]).toEqual([
    new Set(["_other"]),
    "gold",
    "_other",
  ]);
  expect(buckets.of("small")).toBe("_other");
});

test("more contractual tenants than buckets is a sentence", () => {
  expect(() => createTenantBuckets({ most: 1, contractual: ["a", "b"] })).toThrow(
    "2 tenants are contractual and 1 buckets are allowed; raise most, or name fewer",
  );
});
