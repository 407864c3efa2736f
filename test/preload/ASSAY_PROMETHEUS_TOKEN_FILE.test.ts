import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { ask, bearer, METRICS, refusal, REFUSED, serve, TOKEN, unserved } from "./scrape.ts";

test("with a token only who has it gets metrics, and a new token counts at once", async () => {
  await using folder = await temporaryFolder("token");
  const file = join(folder.path, "token");
  writeFileSync(file, `${TOKEN}\n`);
  await using endpoint = await serve({ ASSAY_PROMETHEUS_TOKEN_FILE: file });
  const { url } = endpoint;
  expect({
    with: await ask(url, bearer(TOKEN)),
    without: await ask(url),
    empty: await ask(url, bearer("")),
    wrong: await ask(url, bearer(`${TOKEN}0`)),
    part: await ask(url, bearer(TOKEN.slice(0, -1))),
    basic: await ask(url, { headers: { authorization: `Basic ${TOKEN}` } }),
    inUrl: await ask(`${url}?token=${TOKEN}`),
  }).toEqual({
    with: METRICS,
    without: REFUSED,
    empty: REFUSED,
    wrong: REFUSED,
    part: REFUSED,
    basic: REFUSED,
    inUrl: REFUSED,
  });
  writeFileSync(file, `new-${TOKEN}`);
  expect([await ask(url, bearer(TOKEN)), await ask(url, bearer(`new-${TOKEN}`))]).toEqual([
    REFUSED,
    METRICS,
  ]);
  writeFileSync(file, "");
  expect([await ask(url, bearer("")), await ask(url, bearer(TOKEN))]).toEqual([REFUSED, REFUSED]);
  expect(
    endpoint
      .output()
      .split("\n")
      .filter((line) => line.includes(file)),
  ).toEqual([
    `ASSAY_EXPORT: the token of ${file} is gone or too short, so every scrape is refused.`,
  ]);
});

test.each(["short", "empty", "gone"])(
  "a file that is %s is one sentence, and no /metrics",
  async (file) => {
    expect(await unserved({ ASSAY_PROMETHEUS_TOKEN_FILE: file })).toEqual(
      refusal(
        `ASSAY_PROMETHEUS_TOKEN_FILE is "${file}"; use the path of a file with a token of 16 characters or more, without spaces.`,
      ),
    );
  },
);
