import { expect, test } from "vitest";
import { refusal, unserved } from "./scrape.ts";

// What it does beside a certificate is in ASSAY_PROMETHEUS_CERTIFICATE_FILE.test.ts.
test("without a certificate it is one sentence, and no /metrics", async () => {
  expect(await unserved({ ASSAY_PROMETHEUS_CLIENT_CA_FILE: "ca.pem" })).toEqual(
    refusal(
      "ASSAY_PROMETHEUS_CERTIFICATE_FILE, ASSAY_PROMETHEUS_KEY_FILE and, with ASSAY_PROMETHEUS_CLIENT_CA_FILE, both of them have to be set; set what is missing.",
    ),
  );
});
