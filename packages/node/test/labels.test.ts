import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isLabel, labelsOf } from "../src/labels.ts";

interface Resolved {
  attributes: { key: string; class: string; cardinality: string; denied: boolean }[];
  upstream: { key: string; class: string; unbounded?: boolean; prefix?: boolean }[];
}

const { attributes, upstream } = JSON.parse(
  readFileSync(require.resolve("@assay/semconv/resolved.json"), "utf8"),
) as Resolved;
const isBare = ({ class: dataClass }: { class: string }): boolean =>
  /^(?:public|internal)$/.test(dataClass);

test("what the registry calls neither unbounded nor secret may be a label, and nothing else of it", () => {
  const wrong = [
    ...attributes.filter(
      (each) => isLabel(each.key) !== (each.cardinality !== "unbounded" && isBare(each)),
    ),
    ...upstream.filter(
      (each) =>
        isLabel(`${each.key}${each.prefix ? ".x" : ""}`) !== (isBare(each) && !each.unbounded),
    ),
  ];
  expect(wrong.map(({ key }) => key)).toEqual([]);
});

test.each([
  "payment_id",
  "paymentId",
  "PAYMENT-ID",
  "customer.id",
  "customerPhoneNumber",
  "MSISDN",
  "msisdn",
  "path",
  "requestPath",
  "wallet_id",
  "http.request.header.authorization",
  "tenant",
])("%s is no label", (name) => {
  expect(isLabel(name)).toBe(false);
});

test.each([
  "payment_method",
  "queue",
  "http.route",
  "route",
  "region",
  "provider",
  "le",
  "pathology",
])("%s is one", (name) => {
  expect(isLabel(name)).toBe(true);
});

test("an instrument of the registry has its labels and no other", () => {
  const labels = labelsOf("finance.payment.duration");
  expect(["finance.outcome", "queue", "finance.tenant.id"].map(labels)).toEqual([
    true,
    false,
    false,
  ]);
});
