import { EventEmitter } from "node:events";
import { diag, DiagLogLevel, trace } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { requestContext } from "../src/express.ts";
import { currentTenant, currentUser, type RequestContextOptions } from "../src/index.ts";
import type { HttpRequest } from "../src/request-facts.ts";
import { recordTelemetry } from "./telemetry.ts";

class Response extends EventEmitter {
  statusCode = 200;
  headersSent = true;
}

/** Lets a request through the middleware, and ends it. */
async function pass(
  middleware: ReturnType<typeof requestContext>,
  headers: Record<string, string> = {},
  statusCode = 200,
): Promise<{ tenant: string | undefined; user: string | undefined }> {
  const response = Object.assign(new Response(), { statusCode });
  const request = Object.assign(new EventEmitter(), { headers });
  const seen = await new Promise<{ tenant: string | undefined; user: string | undefined }>(
    (resolve) => {
      middleware(request, response, () => {
        resolve({ tenant: currentTenant()?.id, user: currentUser()?.id });
      });
    },
  );
  response.emit("close");
  return seen;
}

/** What is told while `work` runs. */
async function told(work: () => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  const say = (line: string): number => lines.push(line);
  const logger = { error: say, warn: say, info: say, debug: say, verbose: say };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  await work();
  diag.disable();
  return lines;
}

test("without an SDK the request goes on and nobody is asked", async () => {
  let asked = 0;
  const middleware = requestContext({
    user: () => {
      asked += 1;
      return { id: "usr_1" };
    },
  });
  expect([await pass(middleware), asked]).toEqual([{ tenant: undefined, user: undefined }, 0]);
});

test("an SDK that is registered after the middleware is used", async () => {
  const middleware = requestContext({ tenant: () => ({ id: "org_42" }) });
  expect(await pass(middleware)).toEqual({ tenant: undefined, user: undefined });
  using recorded = recordTelemetry();
  expect(await pass(middleware)).toEqual({ tenant: "org_42", user: undefined });
  expect(recorded.spans.getFinishedSpans()).toEqual([]);
});

test("functions that answer at once do not delay the request", () => {
  using recorded = recordTelemetry();
  const middleware = requestContext({ user: () => ({ id: "usr_1" }) });
  const order: string[] = [];
  middleware({ headers: {} }, new Response(), () => order.push("handler"));
  order.push("after");
  expect([order, recorded.spans.getFinishedSpans()]).toEqual([["handler", "after"], []]);
});

test("a function that never answers holds the request no longer than its limit, and is counted", async () => {
  using recorded = recordTelemetry();
  const middleware = requestContext({
    limitMs: 1,
    user: () => new Promise<undefined>(() => {}),
    tenant: () => Promise.resolve({ id: "org_42" }),
  });
  const lines = await told(async () => {
    expect(await pass(middleware)).toEqual({ tenant: "org_42", user: undefined });
    expect(await pass(middleware)).toEqual({ tenant: "org_42", user: undefined });
  });
  expect(lines).toEqual([
    "the function that gives a request's user took more than 1 ms; requests go on without it, and are counted",
  ]);
  const labels = ["finance.context.part", "finance.context.failure.reason"];
  expect(await recorded.series("finance.context.failures", labels)).toEqual({
    "user thrown": 0,
    "user late": 2,
    "user invalid": 0,
    "tenant thrown": 0,
    "tenant late": 0,
    "tenant invalid": 0,
  });
});

test("an error of the rest of the request is the application's, and nobody is asked again", () => {
  using recorded = recordTelemetry();
  let asked = 0;
  const middleware = requestContext({
    user: () => {
      asked += 1;
      return { id: "usr_1" };
    },
  });
  const failing = () => {
    middleware({ headers: {} }, new Response(), () => {
      throw new RangeError("no such payment");
    });
  };
  expect(failing).toThrow(new RangeError("no such payment"));
  expect([asked, recorded.spans.getFinishedSpans()]).toEqual([1, []]);
});

test("what a request says of its client is on the server span, and what is no version, no platform and too long is not", async () => {
  using recorded = recordTelemetry();
  const middleware = requestContext({ session: ({ headers }) => String(headers["x-session"]) });
  const requests = [
    {
      "app-version": "5.12.3",
      "app-platform": "Android",
      "idempotency-key": "k1",
      "x-session": "ses_1",
    },
    {
      "app-version": "jane@example.com",
      "app-platform": "jane's",
      "idempotency-key": "k".repeat(300),
      "x-session": "s".repeat(300),
    },
  ];
  const lines = await told(async () => {
    for (const headers of requests) {
      await trace.getTracer("test").startActiveSpan("GET", async (span) => {
        await pass(middleware, headers);
        span.end();
      });
    }
  });
  expect(lines).toEqual([
    "the function that gives a request's session gave string that cannot be used; requests go on without it, and are counted",
  ]);
  expect(recorded.spans.getFinishedSpans().map(({ attributes }) => attributes)).toEqual([
    {
      "finance.client.version": "5.12.3",
      "finance.client.platform": "android",
      "finance.idempotency.key_hash": "k1",
      "finance.session.id": "ses_1",
    },
    { "finance.client.platform": "other" },
  ]);
});

test("requests and errors of the server are counted by platform and by major and minor number", async () => {
  using recorded = recordTelemetry();
  const versions = { allowed: ["5.12"] };
  const fromHeader = requestContext({ version: "X-Client", versions });
  await pass(fromHeader, { "x-client": "5.12.3", "app-platform": "ios" });
  await pass(fromHeader, { "x-client": "5.12.4", "app-platform": "ios" }, 503);
  await pass(fromHeader, { "x-client": "5.11.0" }, 404);
  await pass(fromHeader);
  const fromFunction = requestContext({ version: () => "5.12.0", platform: () => "web", versions });
  await pass(fromFunction);
  const labels = ["finance.client.platform", "finance.client.version_bucket"];
  expect([
    await recorded.series("finance.client.requests", labels),
    await recorded.series("finance.client.errors", labels),
  ]).toEqual([
    { "ios 5.12": 2, "other _other": 2, "web 5.12": 1 },
    { "ios 5.12": 1, "other _other": 0, "web 5.12": 0 },
  ]);
});

test("a session that comes later, and one that throws, is left out, told and nobody's unhandled rejection", async () => {
  using recorded = recordTelemetry();
  const later = (() => Promise.reject(new Error("no session"))) as never;
  const broken = () => {
    throw new TypeError("no session");
  };
  const lines = await told(async () => {
    await pass(requestContext({ session: later }));
    await pass(requestContext({ session: broken }));
  });
  expect([lines, recorded.spans.getFinishedSpans()]).toEqual([
    [
      "the function that gives a request's session gave a promise, and has to answer at once; requests go on without it, and are counted",
      "the function that gives a request's session threw a TypeError; requests go on without it, and are counted",
    ],
    [],
  ]);
});

test.each([
  [
    { allowed: ["5.12.3"] },
    'the version "5.12.3" is allowed; write major and minor number, as in "5.12"',
  ],
  [
    { allowed: ["5.12", "5.13"], most: 1 },
    "versions has 2 allowed and at most 1; use a number from 2 to 100",
  ],
  [{ most: 101 }, "versions has 0 allowed and at most 101; use a number from 0 to 100"],
])("versions of %j is a sentence", (versions, sentence) => {
  expect(() => requestContext({ versions })).toThrow(new RangeError(sentence));
});

test("options that would name the caller, or that nobody declared, do not compile", () => {
  const named: RequestContextOptions<HttpRequest> = {
    // @ts-expect-error an e-mail is nothing that telemetry may have
    user: () => ({ id: "usr_1", email: "jane@example.com" }),
    // @ts-expect-error no such tier
    tenant: () => ({ id: "org_42", tier: "gold" }),
  };
  const unknown: RequestContextOptions<HttpRequest> = {
    // @ts-expect-error the version is the name of a header, or a function
    version: 5,
    // @ts-expect-error an id is a text
    session: () => 7,
  };
  // @ts-expect-error no such option
  const more: RequestContextOptions<HttpRequest> = { ipAddress: true };
  expect([named, unknown, more].map((each) => Object.keys(each))).toEqual([
    ["user", "tenant"],
    ["version", "session"],
    ["ipAddress"],
  ]);
});
