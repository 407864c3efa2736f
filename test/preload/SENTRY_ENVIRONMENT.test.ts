import { expect, test } from "vitest";
import { sentryServer } from "../../packages/sentry/test/sentry-server.ts";
import { once, sent, told } from "./sent.ts";

test("SENTRY_ENVIRONMENT is on errors; that of the resource by default", async () => {
  await using sentry = await sentryServer();
  const resource = { OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=live" };
  const base = { file: "ends.cjs", args: ["throw"] };
  await sent({ ...base, env: { ...resource, SENTRY_DSN: sentry.dsn, SENTRY_ENVIRONMENT: "eu" } });
  await sent({ ...base, env: { ...resource, SENTRY_DSN: sentry.dsn } });
  expect(sentry.events().map(({ environment }) => environment)).toEqual(["eu", "live"]);
});

test("a wrong SENTRY_ENVIRONMENT is one sentence", async () => {
  expect(await told("SENTRY_ENVIRONMENT", "live/eu")).toEqual(
    once(
      'SENTRY_ENVIRONMENT is "live/eu"; use up to 64 characters without spaces and slashes. It is ignored.',
    ),
  );
});
