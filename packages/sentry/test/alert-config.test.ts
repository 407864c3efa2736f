import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readAlertConfig, readToken } from "../src/alert-config.ts";

const folder = mkdtempSync(join(tmpdir(), "assay-alert-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const WHOLE = {
  organization: "acme",
  project: "payments",
  environment: "production",
  runbooks: "https://docs.example/alerts.md",
  teams: { finance: "11", security: "12", compliance: "13" },
  slack: { integration: "21", channelIds: { "#finance-alerts": "C01" } },
  pagerduty: { integration: "31", services: { Finance: "41", Security: "42", Compliance: "43" } },
};

test("reads a whole configuration; spans are off unless it says otherwise", () => {
  expect(readAlertConfig(fileOf(WHOLE))).toEqual({ ...WHOLE, spans: false });
});

test("the configuration in docs/alerts-setup.md is a right one", () => {
  const page = readFileSync(join(__dirname, "../docs/alerts-setup.md"), "utf8");
  const [, json] = /```json\n([\s\S]*?)```/.exec(page)!;
  const given: unknown = JSON.parse(json!);
  expect(readAlertConfig(fileOf(given))).toEqual(given);
});

test("null is the way to leave Slack or PagerDuty out", () => {
  const config = readAlertConfig(fileOf({ ...WHOLE, slack: null, pagerduty: null }));
  expect([config.slack, config.pagerduty]).toEqual([null, null]);
});

test.each([
  [
    { project: undefined },
    '"project" in FILE is missing; write a slug as in Sentry\'s addresses, such as "payments"',
  ],
  [
    { project: "../secrets" },
    '"project" in FILE is "../secrets"; write a slug as in Sentry\'s addresses, such as "payments"',
  ],
  [
    { environment: "a/b" },
    '"environment" in FILE is "a/b"; write a name without spaces, such as "production"',
  ],
  [
    { runbooks: "docs#alerts" },
    '"runbooks" in FILE is "docs#alerts"; write an http or https address without #',
  ],
  [{ teams: undefined }, '"teams" in FILE is missing; write an object'],
  [
    { teams: { finance: 11 } },
    '"teams.finance" in FILE is 11; write a numeric id in quotes, such as "4501"',
  ],
  [{ slack: undefined }, '"slack" in FILE is missing; write an object, or null'],
  [
    { slack: { integration: "21", channelIds: { "#general": "C01" } } },
    '"slack.channelIds" in FILE is {"#general":"C01"}; write ids by channel, as {"#finance-alerts": "C0123ABCD"}',
  ],
  [
    { pagerduty: { integration: "31", services: {} } },
    '"pagerduty.services.Finance" in FILE is missing; write a numeric id in quotes, such as "4501"',
  ],
  [{ spans: "yes" }, '"spans" in FILE is "yes"; write true or false'],
  [
    { token: "x" },
    '"token" in FILE is no setting; write one of organization, project, environment, runbooks, teams, slack, pagerduty, spans',
  ],
])("%j is told in one sentence", (change, sentence) => {
  const path = fileOf({ ...WHOLE, ...change });
  expect(() => readAlertConfig(path)).toThrow(new Error(sentence.replace("FILE", path)));
});

test.each([
  ["[1]", 'FILE is not a JSON object; write one with "project"'],
  ["{", '--config is "FILE", which is not JSON; name a JSON file'],
])("the file %s is told in one sentence", (text, sentence) => {
  const path = join(folder, "text.json");
  writeFileSync(path, text);
  expect(() => readAlertConfig(path)).toThrow(new Error(sentence.replace("FILE", path)));
});

test("a token is read without its end of line, and a file without one is told by its setting", () => {
  const path = join(folder, "token");
  writeFileSync(path, "sntrys_abc\n");
  expect(readToken(path, "--token-file")).toBe("sntrys_abc");
  writeFileSync(path, "\n");
  expect(() => readToken(path, "--token-file")).toThrow(
    new Error(
      `--token-file is "${path}", which holds no token; write a token with the scope alerts:write into it, alone`,
    ),
  );
});

function fileOf(config: unknown): string {
  const path = join(folder, "alerts.json");
  writeFileSync(path, JSON.stringify(config));
  return path;
}
