import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { alerts, CONFIG, runAlerts, TOKEN } from "./sentry-alerts-command.ts";

const PREFIX = "assay/payments/production: ";
const NAMES = [
  "critical-financial-error",
  "payment-failures",
  "authentication-security",
  "compliance-issue",
  "error-rate",
  "error-rate-15-minutes",
].map((name) => PREFIX + name);

test("plan tells what it would create and changes nothing", async () => {
  await using it = await alerts();
  const lines = NAMES.map((name) => `create monitor ${name}`);
  lines.push(...NAMES.map((name) => `create alert ${name}`), "12 to change, 0 right");
  expect(await it.run("plan")).toEqual({ code: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
  expect(it.api.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
});

test("apply creates monitors, then alerts that watch them, and a second apply changes nothing", async () => {
  await using it = await alerts();
  expect((await it.run("apply")).stdout).toContain("12 changed, 0 right\n");
  expect(it.api.monitors.map(({ name }) => name)).toEqual(NAMES);
  expect(it.api.alerts.map(({ name, detectorIds }) => [name, detectorIds])).toEqual(
    it.api.monitors.map(({ name, id }) => [name, [id]]),
  );

  it.api.requests.length = 0;
  expect(await it.run("apply")).toEqual({ code: 0, stdout: "0 changed, 12 right\n", stderr: "" });
  expect(it.api.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
});

test("a changed configuration is an update of what it changes alone", async () => {
  await using it = await alerts();
  await it.run("apply");
  it.config({ ...CONFIG, teams: { ...CONFIG.teams, security: "99" } });
  expect((await it.run("apply")).stdout).toBe(
    `update monitor ${PREFIX}authentication-security (owner)\n` +
      `update alert ${PREFIX}authentication-security (actions)\n2 changed, 10 right\n`,
  );
  expect((await it.run("plan")).stdout).toBe("0 to change, 12 right\n");
});

test("channels with an id and channels with a name alone are both right at a second apply", async () => {
  await using it = await alerts();
  await it.run("apply");
  const channelIds = { "#finance-alerts": "C01", "#security-alerts": "C0FOUND" };
  it.config({ ...CONFIG, slack: { integration: "21", channelIds } });
  expect((await it.run("apply")).stdout).toBe(
    ["critical-financial-error", "error-rate"]
      .map((name) => `update alert ${PREFIX}${name} (actions)\n`)
      .join("") + "2 changed, 10 right\n",
  );
  expect((await it.run("apply")).stdout).toBe("0 changed, 12 right\n");
});

test("what people changed by hand is put right again", async () => {
  await using it = await alerts();
  await it.run("apply");
  const [monitor] = it.api.monitors;
  const [alert] = it.api.alerts;
  monitor!["enabled"] = false;
  (
    monitor!["conditionGroup"] as { conditions: { comparison: number }[] }
  ).conditions[0]!.comparison = 1_000;
  alert!["config"] = { frequency: 1_440 };
  alert!["detectorIds"] = [];
  expect((await it.run("apply")).stdout).toBe(
    `update monitor ${NAMES[0]} (enabled, conditions)\n` +
      `update alert ${NAMES[0]} (frequency, monitors)\n2 changed, 10 right\n`,
  );
  expect((await it.run("plan")).stdout).toBe("0 to change, 12 right\n");
});

test("a monitor that is gone is made again, and its alert watches the new one", async () => {
  await using it = await alerts();
  await it.run("apply");
  it.api.monitors.shift();
  expect((await it.run("apply")).stdout).toBe(
    `create monitor ${NAMES[0]}\nupdate alert ${NAMES[0]} (monitors)\n2 changed, 10 right\n`,
  );
  const made = it.api.monitors.find(({ name }) => name === NAMES[0]);
  const alert = it.api.alerts.find(({ name }) => name === NAMES[0]);
  expect(alert?.["detectorIds"]).toEqual([made?.id]);
});

test("only names with the prefix of the project and environment are deleted", async () => {
  await using it = await alerts();
  await it.run("apply");
  const [monitor] = it.api.monitors;
  const [alert] = it.api.alerts;
  const strange = ["Somebody's own", "assay/payments/staging: payment-failures", "assay/payments"];
  it.api.monitors.push(
    ...strange.map((name, index) => ({ ...monitor!, name, id: `9${index}` })),
    { ...monitor!, name: `${PREFIX}a-rule-of-last-year`, id: "95" },
    { ...monitor!, id: "96" },
    { ...monitor!, name: `${PREFIX}a-cron-job`, type: "monitor_check_in_failure", id: "97" },
  );
  it.api.alerts.push(...strange.map((name, index) => ({ ...alert!, name, id: `9${index}` })), {
    ...alert!,
    name: `${PREFIX}a-rule-of-last-year`,
    id: "95",
  });
  expect((await it.run("apply")).stdout).toBe(
    `delete alert ${PREFIX}a-rule-of-last-year\ndelete monitor ${PREFIX}a-rule-of-last-year\n` +
      `delete monitor ${NAMES[0]}\n3 changed, 12 right\n`,
  );
  expect(it.api.monitors.map(({ id }) => id)).not.toContain("96");
  expect(it.api.monitors.map(({ name }) => name)).toEqual([
    ...NAMES,
    ...strange,
    `${PREFIX}a-cron-job`,
  ]);
  expect(it.api.alerts.map(({ name }) => name)).toEqual([...NAMES, ...strange]);
});

test("list gives what it owns, of every page", async () => {
  await using it = await alerts();
  await it.run("apply");
  const owned = [
    ...it.api.monitors.map(({ id, name }) => `monitor ${id} ${name}\n`),
    ...it.api.alerts.map(({ id, name }) => `alert ${id} ${name}\n`),
  ];
  expect(await it.run("list")).toEqual({ code: 0, stdout: owned.join(""), stderr: "" });
});

test("a limit is waited for, as the server says", async () => {
  await using it = await alerts();
  it.api.answerNext({ status: 429, headers: { "retry-after": "1" } });
  it.api.answerNext({ status: 429, headers: { "x-sentry-rate-limit-reset": "0" } });
  const { code, stderr } = await it.run("list");
  expect([code, stderr.split("\n")]).toEqual([
    0,
    [
      "assay-sentry-alerts: Sentry limits requests; waiting 1 s.",
      "assay-sentry-alerts: Sentry limits requests; waiting 0 s.",
      "",
    ],
  ]);
});

test("without spans, the rules that need them are left out, and it says so", async () => {
  await using it = await alerts();
  it.config({ ...CONFIG, spans: undefined });
  const { stdout, stderr } = await it.run("validate");
  expect([stdout, stderr]).toEqual([
    "4 monitors and 4 alerts are valid; nothing was sent\n",
    'assay-sentry-alerts: The rule error-rate is left out, because the project gets no spans; send them and write "spans": true, or alert on the metrics in Prometheus.\n',
  ]);
  expect(it.api.requests).toEqual([]);
});

test("the command line's organization, project and environment come before the file's", async () => {
  await using it = await alerts();
  const { stdout } = await it.run("plan", "--environment", "staging", "--project", "wallet");
  expect(stdout).toContain("create monitor assay/wallet/staging: payment-failures\n");
});

test.each([
  [401, "", "write a valid token into the token file"],
  [403, '{"detail":"no"}', "give the token the scope alerts:write"],
  [500, "oops", "try again later"],
])("an answer %i is one sentence with what to do", async (status, body, advice) => {
  await using it = await alerts();
  it.api.answerNext({ status, body });
  const where = `GET ${it.api.url}/api/0/organizations/acme/detectors/?project=-1`;
  expect(await it.run("plan")).toEqual({
    code: 1,
    stdout: "",
    stderr: `assay-sentry-alerts: ${where} was answered ${status}${body === "" ? "" : ` with ${body}`}; ${advice}.\n`,
  });
});

test("a refused payload ends the run with what the server said, and the next run goes on from there", async () => {
  await using it = await alerts();
  const path = "/api/0/organizations/acme/workflows/";
  it.api.answerNext({ to: `POST ${path}`, status: 400, body: '{"name":["taken"]}' });
  const { code, stdout, stderr } = await it.run("apply");
  expect([code, stdout, stderr]).toEqual([
    1,
    NAMES.map((name) => `create monitor ${name}\n`).join(""),
    `assay-sentry-alerts: POST ${it.api.url}${path} was answered 400 with {"name":["taken"]}; check the ids in the configuration.\n`,
  ]);
  expect((await it.run("apply")).stdout).toContain("6 changed, 6 right\n");
});

test("no output has the token in it, whatever fails", async () => {
  await using it = await alerts();
  it.api.answerNext({ status: 302, headers: { location: "https://other.example/" } });
  const redirected = await it.run("plan");
  expect(redirected.stderr).toContain(
    "with a redirect to https://other.example/; name that server in --url.",
  );
  writeFileSync(join(it.folder, "token"), `${TOKEN} ${TOKEN}`);
  const two = await it.run("plan");
  expect(two.stderr).toContain("which holds no token; write a token with the scope alerts:write");
  expect(redirected.stderr + two.stderr).not.toContain(TOKEN);
});

test.each([
  [
    [],
    "The command is missing; use one of plan, apply, list, payloads, terraform, validate, rules",
  ],
  [["plan"], "--config is missing; write assay-sentry-alerts plan|"],
  [["plan", "--what"], "The arguments are not understood; write assay-sentry-alerts"],
  [["plan", "--config", "/nowhere"], '--config is "/nowhere", which cannot be read (ENOENT)'],
])("wrong arguments %j are one sentence", async (args, sentence) => {
  const { code, stdout, stderr } = await runAlerts(args);
  expect([code, stdout, stderr.split("\n").length]).toEqual([1, "", 2]);
  expect(stderr).toContain(`assay-sentry-alerts: ${sentence}`);
});

test("the token comes from a file alone, and goes to https alone", async () => {
  await using it = await alerts();
  const config = join(it.folder, "alerts.json");
  expect((await runAlerts(["plan", "--config", config])).stderr).toBe(
    "assay-sentry-alerts: The token is missing; name a file that holds it in --token-file or ASSAY_SENTRY_TOKEN_FILE.\n",
  );
  const token = join(it.folder, "token");
  const plain = ["--token-file", token, "--url", "http://sentry.example"];
  expect((await runAlerts(["plan", "--config", config, ...plain])).stderr).toBe(
    'assay-sentry-alerts: --url is "http://sentry.example"; write an https address, such as https://sentry.io.\n',
  );
});
