import { expect, test } from "vitest";
import { refusal, unserved } from "./scrape.ts";

// What a right one does is in ASSAY_PROMETHEUS_CERTIFICATE_FILE.test.ts.
test("the key of another certificate is one sentence, and no /metrics", async () => {
  const given = {
    ASSAY_PROMETHEUS_CERTIFICATE_FILE: "server.pem",
    ASSAY_PROMETHEUS_KEY_FILE: "client.key",
  };
  expect(await unserved(given)).toEqual(
    refusal(
      'ASSAY_PROMETHEUS_KEY_FILE is "client.key", which is not the key of ASSAY_PROMETHEUS_CERTIFICATE_FILE; use its own.',
    ),
  );
});
