import { defineConfig } from "vitest/config";

// The end-to-end tests: real processes and real backends, against what `npm run build` made.
// One file at a time: each starts several servers, and the machines of our CI have two cores.
export default defineConfig({
  test: {
    pool: "forks",
    fileParallelism: false,
    include: ["**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A snapshot that is missing fails; `npm exec vitest -- run -u` in this folder writes it.
    update: "none",
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/report.json" },
  },
});
