import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spoolFolder } from "../support/spool.ts";
import { waitFor } from "../support/wait.ts";
import { runApplication } from "./application.ts";
import { AWAY, leave, left, names, start } from "./spool-application.ts";

test("what a SIGKILL left is replayed by the next process, once, and is gone from the disk then", async () => {
  await using given = await spoolFolder();
  await leave(given);
  await using receiver = await startOtlpReceiver();
  await using next = await start(given, receiver.url, "0", "", "stay");
  await waitFor(() => given.batches().length === 0, { what: "the spool to be empty" });
  expect(names(receiver)).toEqual(left());
  await waitFor(() => next.output().includes("2 batches with 21 items are replayed"), {
    what: "a sentence",
  });
  await next.stop();
  expect(names(receiver)).toEqual(left());
  expect(readdirSync(given.folder)).toEqual([]);
});

test("on disk it is redacted, encrypted and for this user alone", async () => {
  await using given = await spoolFolder();
  await leave(given);
  const files = given.batches();
  const modes = [given.folder, join(files[0]!, ".."), ...files].map(
    (path) => statSync(path).mode & 0o777,
  );
  expect(modes).toEqual([0o700, 0o700, 0o600, 0o600]);
  const bytes = files.map((path) => readFileSync(path, "latin1")).join("");
  expect(bytes).not.toMatch(/left|4111|app\.card/);
  await using receiver = await startOtlpReceiver();
  await using next = await start(given, receiver.url, "0", "", "stay");
  await receiver.waitForSpan();
  expect(JSON.stringify(receiver.requests.map(({ body }) => body))).not.toContain(
    "4111111111111111",
  );
  await next.stop();
});

test("what was acknowledged is not replayed", async () => {
  await using given = await spoolFolder();
  await using receiver = await startOtlpReceiver();
  await using application = await start(given, receiver.url, "20", "sent", "stay");
  await receiver.waitForSpan();
  await receiver.waitForLog();
  await waitFor(() => given.batches().length === 0, { what: "the spool to be empty" });
  await application.kill("SIGKILL");
  await runApplication({
    file: "spool.cjs",
    args: ["0", "", "normal"],
    env: { ...given.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  expect(names(receiver)).toEqual(left("sent"));
});

test.each(["normal", "exit"])(
  "a process that ends (%s) while the Collector is away leaves its spans to the next one",
  async (how) => {
    await using given = await spoolFolder();
    const { code, output } = await runApplication({
      file: "spool.cjs",
      args: ["20", "left", how],
      env: { ...given.env, OTEL_EXPORTER_OTLP_ENDPOINT: AWAY },
    });
    expect(code).toBe(0);
    expect(output).toContain(
      "not delivered before the process ended: 2 batches, which are in the spool.",
    );
    await using receiver = await startOtlpReceiver();
    // One that ends at once waits for the replay as for what it has itself.
    await runApplication({
      file: "spool.cjs",
      args: ["1", "next", "normal"],
      env: { ...given.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    expect(names(receiver)).toEqual([...left(), "next 0", "next logged"].toSorted());
    expect(readdirSync(given.folder)).toEqual([]);
  },
);

test("several processes that start at once replay each batch once", async () => {
  await using given = await spoolFolder();
  for (const name of ["one", "two", "three"]) await leave(given, name);
  await using receiver = await startOtlpReceiver();
  const next = await Promise.all(
    [1, 2, 3, 4].map(() => start(given, receiver.url, "0", "", "stay")),
  );
  await waitFor(() => given.batches().length === 0, { what: "the spool to be empty" });
  for (const each of next) await each.stop();
  expect(names(receiver)).toEqual([...left("one"), ...left("two"), ...left("three")].toSorted());
});

test("a process that lives keeps its batches, whoever starts", async () => {
  await using given = await spoolFolder();
  await using first = await start(given, AWAY, "20", "left", "stay");
  await waitFor(() => given.batches().length === 2, { what: "two batches on disk" });
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "spool.cjs",
    args: ["0", "", "normal"],
    env: { ...given.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  expect([names(receiver), given.batches().length]).toEqual([[], 2]);
  await first.kill("SIGKILL");
});

test("what a thread finished before it was terminated is replayed by its process", async () => {
  await using given = await spoolFolder();
  const away = await startOtlpReceiver();
  const { port } = away;
  await away[Symbol.asyncDispose]();
  await using application = await start(given, `http://127.0.0.1:${port}`, "20", "", "thread");
  await waitFor(() => given.batches().length === 2, { what: "two batches on disk" });
  await application.kill("SIGUSR2");
  await using receiver = await startOtlpReceiver({ port });
  await waitFor(() => given.batches().length === 0, { what: "the spool to be empty" });
  expect(names(receiver)).toEqual(left("in a thread"));
});
