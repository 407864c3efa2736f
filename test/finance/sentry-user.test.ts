import { expect, test } from "vitest";
import { startBugsink } from "../support/bugsink.ts";
import { from, pseudonym, serve, serving } from "./serve.ts";

test("an issue in Sentry has the user's pseudonym, the tenant and the client's version, and nothing that names the user", async () => {
  await using bugsink = await startBugsink();
  const asked: string[] = [];
  await serve(
    serving("express", "async"),
    async (ask) => {
      const headers = {
        ...from("usr_canary_1", "org_42"),
        "App-Version": "5.12.3",
        "User-Agent": "Canary/1.0",
      };
      asked.push((await ask("/broken", { headers })).traceId);
    },
    { SENTRY_DSN: bugsink.dsn },
  );
  const issue = await bugsink.waitForIssue(({ calculated_value: value }) =>
    value.includes("the ledger is away"),
  );
  const [event] = await bugsink.events(issue.id);
  expect(event?.data).toMatchObject({
    user: { id: pseudonym("usr_canary_1") },
    tags: { "finance.tenant.id": "org_42", "finance.client.version": "5.12.3" },
    contexts: { trace: { trace_id: asked[0] } },
  });
  expect(JSON.stringify(event)).not.toMatch(/canary/i);
});
