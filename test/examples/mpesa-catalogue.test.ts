import { readFile } from "node:fs/promises";
import { createFailureCatalogue } from "@assay/finance";
import { expect, test } from "vitest";
import { scenarioOf, scenarios } from "../../examples/mpesa-mcp/src/scenarios.ts";

test("the last two digits of the phone choose the scenario, and no other ending is one", () => {
  expect(scenarios.map(({ digits }) => scenarioOf(`2547123456${digits}`).name)).toEqual(
    scenarios.map(({ name }) => name),
  );
  expect(scenarioOf("254712345699").name).toBe("success");
});

test("each scenario ends as the failure catalogue says of its result code, but for those that Daraja refuses", () => {
  const catalogue = createFailureCatalogue();
  const asked = scenarios.filter(({ refusal }) => refusal === undefined);
  expect(asked.map(({ status }) => status)).toEqual(
    asked.map(({ result: { code } }) =>
      code === 0 ? "completed" : catalogue.find("safaricom", "stk_push", String(code)).outcome,
    ),
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
