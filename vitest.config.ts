import { defineConfig } from "vitest/config";

const conditions = ["@assay/source", "node", "module", "default"];

// The unit tests of every package. The end-to-end tests have test/vitest.config.ts.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    pool: "threads",
    isolate: false,
    include: ["test/**/*.test.ts"],
    update: "none",
    reporters: ["default", "json"],
    outputFile: { json: ".vitest/report.json" },
  },
});
