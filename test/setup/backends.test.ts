import { appendFileSync, cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
// @boundaries-ignore the set-up runs before any package is installed
import { backendKey, backendPath, BACKENDS, cacheFolder, ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "./temporary-folder.ts";

afterEach(() => vi.unstubAllEnvs());

test("another checksum, another source file and another requirement each make another build", () => {
  using root = temporaryFolder();
  for (const { folder } of Object.values(BACKENDS)) {
    cpSync(join(ROOT, folder), join(root.path, folder), { recursive: true });
  }
  const keys = (): string[] => [
    backendKey("collector", { root: root.path }),
    backendKey("bugsink", { root: root.path }),
  ];
  const first = keys();
  expect(first).toEqual([backendKey("collector"), backendKey("bugsink")]);

  const { collector, bugsink } = BACKENDS;
  appendFileSync(join(root.path, collector.folder, "go.sum"), "example.com/x v1.0.0 h1:AAAA=\n");
  const second = keys();
  writeFileSync(join(root.path, collector.folder, "added.go"), "package main\n");
  const third = keys();
  appendFileSync(join(root.path, bugsink.folder, "requirements.txt"), "x==1.0.0\n");
  const fourth = keys();
  expect(new Set([first, second, third].map(([key]) => key)).size).toBe(3);
  expect([second[1], third[1], fourth[0]]).toEqual([first[1], first[1], third[0]]);
  expect(fourth[1]).not.toBe(first[1]);
});

test("the Collector is another build with another engine or another line of our processor", () => {
  using root = temporaryFolder();
  const { folder } = BACKENDS.collector;
  cpSync(join(ROOT, folder), join(root.path, folder), { recursive: true });
  const key = (): string => backendKey("collector", { root: root.path });
  const keys = [key()];
  // 0xff and 0xfe are the same replacement character to a reader of UTF-8.
  for (const byte of [0xff, 0xfe]) {
    writeFileSync(join(root.path, folder, "redaction/engine.wasm"), Uint8Array.of(byte));
    keys.push(key());
  }
  appendFileSync(join(root.path, folder, "redaction/sweep.go"), "// more\n");
  keys.push(key());
  appendFileSync(join(root.path, folder, "redaction/go.mod"), "// more\n");
  keys.push(key());
  expect(new Set(keys).size).toBe(keys.length);
  writeFileSync(join(root.path, folder, "redaction/more_test.go"), "package redaction\n");
  expect(key()).toBe(keys.at(-1));
});

test("a file that does not determine the build does not cause one", () => {
  using root = temporaryFolder();
  const { folder } = BACKENDS.jaeger;
  cpSync(join(ROOT, folder), join(root.path, folder), { recursive: true });
  writeFileSync(join(root.path, folder, "README.md"), "notes\n");
  expect(backendKey("jaeger", { root: root.path })).toBe(backendKey("jaeger"));
});

test("a backend that is not built is one sentence with the command that builds it", () => {
  using cache = temporaryFolder();
  vi.stubEnv("ASSAY_CACHE_DIR", cache.path);
  expect(() => backendPath("promtool")).toThrow(
    "Prometheus is not built for this checkout: run `npm test` or `node scripts/setup.mjs backends`.",
  );
  expect(() => backendPath("bugsink")).toThrow("bugsink is not built for this checkout");
});

test("ASSAY_CACHE_DIR goes before XDG_CACHE_HOME", () => {
  expect(cacheFolder({ ASSAY_CACHE_DIR: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
});
