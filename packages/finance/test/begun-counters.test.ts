import { expect, test } from "vitest";
import { financialOperation, operation, securityEvent } from "../src/index.ts";
import { recordTelemetry } from "./telemetry.ts";

const ERRORS = ["finance.error.category", "finance.error.severity"];

test("the first use after an SDK was registered begins every counter at zero, and again with another SDK", async () => {
  for (const sdk of ["first", "second"]) {
    using recorded = recordTelemetry();
    operation({ name: `quote ${sdk}` }, () => "quoted");
    const errors = Object.values(await recorded.series("finance.errors", ERRORS));
    expect([errors.length > 0, errors.filter((value) => value !== 0)]).toEqual([true, []]);
    const isolation = await recorded.series("finance.tenant.isolation.violations", [
      "finance.security.action",
    ]);
    expect(isolation).toEqual({ denied: 0 });
    securityEvent({ type: "replay", severity: "high", action: "blocked" });
    const labels = ["finance.security.event.type", "finance.security.severity"];
    expect(await recorded.counted("finance.security.events", labels)).toEqual({ "replay high": 1 });
    expect(await recorded.series("finance.security.events", labels)).toHaveProperty(
      ["brute_force critical"],
      0,
    );
  }
});

test("a limit of a decorated operation has its breaches at zero before it runs", async () => {
  using recorded = recordTelemetry();
  const thresholds = { operations: { settle: 500 } };
  financialOperation({ name: "settle", category: "payment_processing", thresholds });
  const labels = ["finance.threshold.name", "finance.operation.category"];
  expect(await recorded.series("finance.threshold.breaches", labels)).toHaveProperty(
    ["operation.settle payment_processing"],
    0,
  );
});
