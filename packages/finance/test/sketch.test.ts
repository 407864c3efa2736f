import { expect, test } from "vitest";
import { createSketch } from "../src/sketch.ts";

// Few come often and thousands seldom, in an order that is the same in each run (Lehmer's generator).
function stream(length: number): string[] {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return `id_${Math.floor(5_000 ** (state / 2_147_483_647))}`;
  });
}

test.each([100, 200, 400])(
  "with room for %i, what is said of one is never more than it came, and short of it by its share of the room at most",
  (room) => {
    const sketch = createSketch(room);
    const truth = new Map<string, number>();
    const said = new Map<string, number>();
    for (const id of stream(50_000)) {
      truth.set(id, (truth.get(id) ?? 0) + 1);
      said.set(id, sketch.count(id));
    }
    const tooMuch = [...said].filter(([id, count]) => count > truth.get(id)!);
    const frequent = [...truth].filter(([, count]) => count > (2 * 50_000) / room);
    const tooLittle = frequent.filter(([id, count]) => said.get(id)! < count - 50_000 / room);
    expect(frequent.length).toBeGreaterThan(2);
    expect([tooMuch, tooLittle]).toEqual([[], []]);
  },
);

test("one that is forgotten is counted from the beginning, and gives its place to another", () => {
  const sketch = createSketch(2);
  for (const id of ["a", "a", "b", "b", "b"]) sketch.count(id);
  sketch.forget("a");
  sketch.forget("nobody");
  expect([sketch.count("c"), sketch.count("b"), sketch.count("a"), sketch.count("a")]).toEqual([
    1, 4, 1, 2,
  ]);
});
