import { join } from "node:path";
import { expect, test } from "vitest";
import { type LogRecord, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spawnService } from "../support/process.ts";
import { type ApplicationOptions, runApplication } from "./application.ts";

const FIXTURES = join(import.meta.dirname, "fixtures");
const MASKED = "card 411111******1111";
const LINES = { body: "one of two\nlines", attributes: { payment: "pay_1", amount: 1500 } };
const ROUND = { circular: { name: "round", self: "[Circular]" } };
const ERROR = {
  severityText: "error",
  severityNumber: 17,
  body: "no float",
  attributes: {
    "exception.type": "TypeError",
    "exception.message": "no float",
    "exception.stacktrace": expect.stringContaining("loggers.cjs"),
  },
};
const child = { body: "child", attributes: { tenant: "t1" } };

const EXPECTED: Record<string, object[]> = {
  pino: [
    { ...LINES, severityText: "info", severityNumber: 9 },
    { body: MASKED, severityText: "notice", severityNumber: 11 },
    { body: "by path", attributes: { user: { password: "[Redacted]" } } },
    { body: "circular", severityNumber: 13, attributes: ROUND },
    { ...ERROR, attributes: { ...ERROR.attributes, err: { code: "E_FLOAT" } } },
    { ...child, severityText: "audit", severityNumber: 15 },
  ],
  winston: [
    { ...LINES, severityText: "info", severityNumber: 9 },
    { body: MASKED, severityText: "http", severityNumber: 7 },
    { body: "by path", attributes: { user: { password: "[Redacted]" } } },
    {
      body: "circular of",
      severityNumber: 13,
      attributes: {
        circular: { ...ROUND.circular, big: "9007199254740993", at: "1970-01-01T00:00:00.000Z" },
      },
    },
    { ...ERROR, attributes: { ...ERROR.attributes, code: "E_FLOAT" } },
    { ...child, severityText: "info", severityNumber: 9 },
  ],
  bunyan: [
    { ...LINES, severityText: "info", severityNumber: 9 },
    { body: MASKED, severityText: "warn", severityNumber: 13 },
    { body: "by path", attributes: { user: { password: "[credential]" } } },
    { body: "circular", severityNumber: 13, attributes: ROUND },
    { ...ERROR, attributes: { ...ERROR.attributes, err: { code: "E_FLOAT" } } },
    { ...child, severityText: "info", severityNumber: 9 },
  ],
};

interface Logged {
  logs: LogRecord[];
  spans: { traceId: string; spanId: string }[];
  code: number | null;
  stdout: string;
  stderr: string;
}

async function log(options: ApplicationOptions): Promise<Logged> {
  await using receiver = await startOtlpReceiver();
  const { code, stdout, stderr } = await runApplication({
    ...options,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_METRICS_EXPORTER: "none",
      // So that a line of a transport that is on the console would be seen twice.
      ASSAY_CONSOLE_LOGS: "debug",
      ...options.env,
    },
  });
  return { logs: receiver.logs(), spans: receiver.spans(), code, stdout, stderr };
}

const cells = Object.keys(EXPECTED).flatMap((logger) =>
  [
    { file: "logs.cjs", args: [logger, logger] },
    { file: "logs.mjs", args: [logger] },
  ].map((how) => [logger, how] as const),
);

test.each(cells)(
  "%s, by %o, sends each line once, with the ids of its span, its level and no secret",
  async (logger, how) => {
    const { logs, spans, code, stderr } = await log(how);
    const [span] = spans;
    expect({ code, stderr, logs }).toMatchObject({
      code: 0,
      stderr: "",
      logs: EXPECTED[logger]!.map((record) => ({
        ...record,
        traceId: span?.traceId,
        spanId: span?.spanId,
        scope: { name: logger },
      })),
    });
  },
);

test.each([...Object.keys(EXPECTED), "hook", "console"])(
  "what %s writes is what it writes without Assay, and the ids",
  async (logger) => {
    const args = [logger, ...(logger === "console" ? [] : [logger === "hook" ? "pino" : logger])];
    await using bare = await spawnService({
      name: "bare",
      command: process.execPath,
      args: [join(FIXTURES, "logs.cjs"), ...args],
    });
    const [{ stdout, stderr }] = await Promise.all([log({ file: "logs.cjs", args }), bare.exited]);
    expect(comparable(stdout + stderr)).toBe(
      comparable(bare.output("stdout") + bare.output("stderr")),
    );
  },
);

// Without the ids, and without what differs from one run to the next and below the fixture on the stack.
function comparable(output: string): string {
  return output
    .replaceAll(/,"(?:trace_id|span_id|trace_flags)":"\w+"/g, "")
    .replaceAll(/"(?:pid|time)":(?:"[^"]*"|\d+)/g, "")
    .replaceAll(/(?:\n|\\n) +at (?:(?!fixtures)[^\n"\\])*(?=[\n"\\]|$)/g, "");
}

test("the ids are in the application's own lines", async () => {
  for (const logger of Object.keys(EXPECTED)) {
    const { stdout, spans } = await log({ file: "logs.cjs", args: [logger, logger] });
    const lines = stdout.trim().split("\n");
    const ids = lines.map((line) => (JSON.parse(line) as { trace_id?: string }).trace_id);
    expect(ids).toEqual(lines.map(() => spans[0]?.traceId));
  }
});

test("a line that a bridge of the application sends, too, is sent once, and its own events stay", async () => {
  const { logs } = await log({ file: "logs.cjs", args: ["bridged", "pino"] });
  expect(logs.map(({ body, scope }) => [scope.name, body])).toEqual([
    ["pino", "of both bridges"],
    ["the application's own bridge", "an event of its own"],
  ]);
});

test("a pino transport that sends by OTLP sends alone, and one sentence says so", async () => {
  const { logs, stderr } = await log({ file: "logs.cjs", args: ["sender", "pino"] });
  expect({ logs: logs.map(({ body }) => body).toSorted(), stderr }).toEqual({
    logs: ["by Assay", "by its transport"],
    stderr: expect.stringMatching(/^ASSAY_LOGS: pino .*pino-opentelemetry-transport.*\n$/),
  });
});

test("a pino transport that writes on the console of its thread makes no second record", async () => {
  const { logs, stdout } = await log({ file: "logs.cjs", args: ["thread", "pino"] });
  expect({ logs: logs.map(({ body }) => body), stdout }).toEqual({
    logs: ["through a thread"],
    stdout: "from a thread: through a thread\n",
  });
});

test("what a hook of the application takes out of pino's lines is not sent", async () => {
  const { logs } = await log({ file: "logs.cjs", args: ["hook", "pino"] });
  expect(logs.map(({ body }) => String(body))).toEqual([
    expect.stringMatching(/^1 .*password \*\*\*"\}$/),
    expect.stringMatching(/^2 .*second \*\*\*"\}$/),
  ]);
});

test("a getter that throws in what is logged is no error of the logger", async () => {
  const { logs, code, stdout } = await log({ file: "logs.cjs", args: ["hostile", "winston"] });
  expect({ code, stdout, attributes: logs[0]?.attributes }).toEqual({
    code: 0,
    stdout: "m\n",
    attributes: { toString: 1, hostile: { broken: "[unreadable]", level: "info" } },
  });
});

test("a line is sent with no more attributes than OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", async () => {
  const env = { OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT: "1" };
  const { logs } = await log({ file: "logs.cjs", args: ["pino", "pino"], env });
  expect(logs[0]?.attributes).toEqual({ payment: "pay_1" });
});

test("without a log exporter lines have the ids and nothing is sent", async () => {
  const env = { OTEL_LOGS_EXPORTER: "none" };
  const { logs, stdout, spans } = await log({ file: "logs.cjs", args: ["pino", "pino"], env });
  expect({ logs, hasId: stdout.includes(spans[0]!.traceId) }).toEqual({ logs: [], hasId: true });
});
