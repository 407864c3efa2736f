import { expect, test } from "vitest";
import { createFailureCatalogue } from "../src/index.ts";

const catalogue = createFailureCatalogue();

test.each([
  ["safaricom", "stk_push", "1", "failed", "customer"],
  ["safaricom", "b2c", "1", "failed", "merchant"],
  ["safaricom", "stk_push", "2001", "failed", "customer"],
  ["safaricom", "b2c", "2001", "failed", "platform"],
  ["safaricom", "stk_push", "1032", "cancelled", "customer"],
  ["safaricom", "stk_push", "1037", "expired", "customer"],
  ["safaricom", "c2b", "C2B00016", "failed", "merchant"],
  ["iso8583", "response", "51", "failed", "customer"],
  ["iso8583", "response", "91", "failed", "provider"],
  ["iso8583", "response", "68", "unknown", "network"],
  ["iso20022", "reason", "AM04", "failed", "customer"],
  ["iso20022", "reason", "AB05", "expired", "provider"],
  ["card", "decline", "insufficient_funds", "failed", "customer"],
  ["card", "decline", "issuer_not_available", "failed", "provider"],
])("%s %s %s is %s, for the %s to put right", (provider, api, code, outcome, domain) => {
  expect(catalogue.find(provider, api, code)).toMatchObject({ label: code, outcome, domain });
});

test.each([
  ["safaricom", "stk_push", "4711"],
  ["nobody", "stk_push", "1"],
  ["safaricom", "constructor", "name"],
  ["__proto__", "toString", "length"],
])("%s %s %s is not known: `_other`, the provider's failure", (provider, api, code) => {
  expect(catalogue.find(provider, api, code)).toEqual({
    label: "_other",
    outcome: "failed",
    domain: "provider",
    retriable: false,
  });
});

test("what an application adds comes before what is there, and leaves the rest", () => {
  const own = { outcome: "failed", domain: "merchant", retriable: true } as const;
  const extended = createFailureCatalogue({
    safaricom: { stk_push: { "1": own } },
    acme: { payout: { E42: own } },
  });
  expect(extended.find("acme", "payout", "E42")).toEqual({ label: "E42", ...own });
  expect(extended.find("safaricom", "stk_push", "1")).toEqual({ label: "1", ...own });
  expect(extended.find("safaricom", "stk_push", "1032").outcome).toBe("cancelled");
  expect(catalogue.find("safaricom", "stk_push", "1").domain).toBe("customer");
});
