import { expect, test } from "vitest";
import { spoolFolder } from "../support/spool.ts";
import { once, told } from "./sent.ts";

// What a right one does is in ASSAY_SPOOL_DIR.test.ts, what another key does in spool-refused.test.ts.
test("without ASSAY_SPOOL_KEY_FILE nothing is spooled, which is one sentence; a wrong one is, too", async () => {
  await using given = await spoolFolder();
  const keys = "a file with lines of id=base64, each key of 32 bytes or more";
  expect(await told("ASSAY_SPOOL_DIR", given.folder)).toEqual(
    once(
      `ASSAY_SPOOL_DIR is set and ASSAY_SPOOL_KEY_FILE is not; name ${keys}. Nothing is spooled until then.`,
    ),
  );
  const env = { ASSAY_SPOOL_DIR: given.folder };
  expect(await told("ASSAY_SPOOL_KEY_FILE", "/nowhere/keys", env)).toEqual(
    once(
      `ASSAY_SPOOL_KEY_FILE is "/nowhere/keys"; use the path of ${keys}. Nothing is spooled until then.`,
    ),
  );
  expect(given.batches()).toEqual([]);
});
