import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { isOurProblem } from "../../examples/mpesa-mcp/src/payment-telemetry.ts";
import { stkPushOutcome } from "../../examples/mpesa-mcp/src/result-codes.ts";
import { scenarioOf, scenarios } from "../../examples/mpesa-mcp/src/scenarios.ts";

test.each([
  ["0", { outcome: "completed" }],
  ["1", { outcome: "failed", domain: "customer" }],
  ["1032", { outcome: "cancelled", domain: "customer" }],
  ["1037", { outcome: "expired", domain: "customer" }],
  ["2001", { outcome: "failed", domain: "provider" }],
  ["toString", { outcome: "failed", domain: "provider" }],
])("result code %s of an STK push means %j", (code, outcome) => {
  expect(stkPushOutcome(code)).toEqual(outcome);
});

test("a customer who cancels or has no money is nobody else's problem", () => {
  expect(
    ["0", "1", "1032", "1037", "9999"].map((code) => isOurProblem(stkPushOutcome(code))),
  ).toEqual([false, false, false, false, true]);
});

test("the last two digits of the phone choose the scenario, and no other ending is one", () => {
  expect(scenarios.map(({ digits }) => scenarioOf(`2547123456${digits}`).name)).toEqual(
    scenarios.map(({ name }) => name),
  );
  expect(scenarioOf("254712345699").name).toBe("success");
});

test("each scenario ends as its result code says, but for the one that Daraja refuses", () => {
  const asked = scenarios.filter(({ isRefused }) => isRefused !== true);
  expect(asked.map(({ status }) => status)).toEqual(
    asked.map(({ result }) => stkPushOutcome(String(result.code)).outcome),
  );
});

test("the README's table lists every scenario with its digits and status", async () => {
  const readme = await readFile(
    new URL("../../examples/mpesa-mcp/README.md", import.meta.url),
    "utf8",
  );
  const rows = readme
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, digits = ""]) => /^`\d\d`$/.test(digits));
  expect(rows.map(([, digits, name, , , status]) => [digits, name, status])).toEqual(
    scenarios.map(({ digits, name, status }) => [`\`${digits}\``, name, status]),
  );
});
