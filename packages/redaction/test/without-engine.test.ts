import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

// What `node --jitless` does: there is no WebAssembly in it.
test("without WebAssembly only what the registry knows as public or internal passes, and it is said once", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  const { createRedactor } = await import("../src/index.ts");
  const found: string[] = [];
  const { value, text, batch } = createRedactor({
    onFinding: ({ detector }) => found.push(detector),
  });
  expect(value("http.request.method", "GET")).toBe("GET");
  expect([value("note", "ok"), value("n", 3), text("ok")]).toEqual([
    "[removed]",
    "[removed]",
    "[removed]",
  ]);
  expect(
    batch([
      ["http.request.method", "GET"],
      ["note", "ok"],
    ]),
  ).toEqual(["GET", "[removed]"]);
  expect(found).toEqual(["engine-error"]);
});
