import { createRedactor } from "@assay/redaction";
import { Scope } from "@sentry/core";
import { ServerRuntimeClient } from "@sentry/core/server";
import { expect, test } from "vitest";
import { startErrorClient } from "../src/error-client.ts";
import { sentryServer } from "./sentry-server.ts";

// A client that an application makes for itself, and what it hands to its transport.
function otherClient(dsn: string) {
  const sent: string[] = [];
  const other = new ServerRuntimeClient({
    dsn,
    integrations: [],
    stackParser: () => [],
    transport: () => ({
      send(envelope) {
        sent.push(JSON.stringify(envelope));
        return Promise.resolve({});
      },
      flush: () => Promise.resolve(true),
    }),
  });
  other.init();
  return { other, sent };
}

test("another client of the same @sentry/core passes the gate, and only its errors do", async () => {
  await using server = await sentryServer();
  const dropped: string[] = [];
  const onDropped = (reason: string) => dropped.push(reason);
  startErrorClient({ dsn: server.dsn, redactor: createRedactor(), onDropped });
  const { other, sent } = otherClient(server.dsn);
  const scope = new Scope();
  scope.setUser({ email: "jane@bank.example" });
  scope.addAttachment({ filename: "card.txt", data: "4111111111111111" });
  other.captureException(new Error("card 4111111111111111"), {}, scope);
  await other.flush(1_000);
  expect(sent).toHaveLength(1);
  expect(sent[0]).not.toMatch(/4111111111111111|jane@bank|attachment/);
  expect(dropped).toEqual([]);
});

test("an error that went to Sentry here can still be sent by an application's own client", async () => {
  await using server = await sentryServer();
  const client = startErrorClient({ dsn: server.dsn, redactor: createRedactor() });
  const { other, sent } = otherClient(server.dsn);
  const error = new Error("seen by both");
  client.capture(error);
  other.captureException(error);
  other.captureException(error);
  await other.flush(1_000);
  await client.flush(5_000);
  expect([server.events().length, sent.length]).toEqual([1, 1]);
});
