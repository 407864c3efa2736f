import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-token-"));
afterAll(() => rmSync(folder, { recursive: true }));

// The keys of the vectors in pseudonym.test.ts.
const keys = join(folder, "keys");
const OLD = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString("base64");
writeFileSync(keys, `k2=${Buffer.alloc(40, 255).toString("base64")}\nk1=${OLD}\n`);

const BOTH = "k2 p1.k2.z2g7onxqpooaiicieyjp6bifzv\nk1 p1.k1.ql6ebtx4fywqvqrqkjay5cihzz\n";

test("prints the pseudonyms of all live keys, one a line, the newest first", () => {
  expect(run("assay-token", ["--class", "msisdn", "--keys", keys, "0712345678"])).toEqual({
    code: 0,
    stdout: BOTH,
    stderr: "",
  });
});

test("takes the value from standard input and the keys' file from the environment", () => {
  const env = { ASSAY_PSEUDONYM_KEYS_FILE: keys };
  const fromInput = run("assay-token", ["--class", "msisdn"], { input: "+254 712 345 678\n", env });
  expect(fromInput.stdout).toBe(BOTH);
});

test("takes the country of a local number", () => {
  const local = ["--class", "msisdn", "--keys", keys, "--country", "NG", "08021234567"];
  const whole = ["--class", "msisdn", "--keys", keys, "2348021234567"];
  expect(run("assay-token", local).stdout).toBe(run("assay-token", whole).stdout);
});

const CLASSES =
  "msisdn, email, iban, account, pan, national-id, customer, counterparty, user, device";

test.each([
  [["--keys", keys, "1"], `--class is missing; use one of ${CLASSES}`],
  [["--class", "cvv", "--keys", keys, "1"], `--class is "cvv"; use one of ${CLASSES}`],
  [
    ["--class", "msisdn", "0712345678"],
    "There are no keys; name their file in --keys or ASSAY_PSEUDONYM_KEYS_FILE",
  ],
  [
    ["--class", "msisdn", "--keys", "/nowhere/keys", "0712345678"],
    '--keys is "/nowhere/keys", which cannot be read; name a file of id=base64 lines',
  ],
  [
    ["--class", "msisdn", "--keys", keys, "0712", "345678"],
    "There are 2 values; give one, in quotes if it has spaces",
  ],
  [
    ["--class", "msisdn", "--keys", keys, "jane"],
    "The value cannot be of the class msisdn; check both",
  ],
  [
    ["--class", "msisdn", "--keys", keys, "--country", "XX", "0712345678"],
    'The country of local phone numbers is "XX"; use one of GH, KE, NG, RW, TZ, UG, ZA, ZW',
  ],
  [
    ["--nonsense"],
    "The arguments are not understood; write assay-token --class CLASS [--keys FILE] [--country KE] [VALUE]; without VALUE it is read from standard input",
  ],
])("says in one sentence what is wrong and exits with 2 (%#)", (args, sentence) => {
  expect(run("assay-token", args)).toEqual({
    code: 2,
    stdout: "",
    stderr: `assay-token: ${sentence}.\n`,
  });
});

test("a short key is refused", () => {
  const short = join(folder, "short");
  writeFileSync(short, "k1=c2VjcmV0\n");
  expect(run("assay-token", ["--class", "email", "--keys", short, "j@ex.io"]).stderr).toBe(
    'assay-token: The pseudonym key "k1" is 6 bytes; use at least 32 random bytes.\n',
  );
});
