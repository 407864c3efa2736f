import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isLabel } from "../src/label.ts";
import { ROOT } from "./temporary-root.ts";

interface Resolved {
  attributes: { key: string; class: string; cardinality: string; denied: boolean }[];
  upstream: { key: string; class: string; unbounded?: boolean; prefix?: boolean }[];
}

const { attributes, upstream } = JSON.parse(
  readFileSync(join(ROOT, "packages/semconv/resolved.json"), "utf8"),
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
