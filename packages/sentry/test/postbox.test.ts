import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { parseDsn } from "../src/dsn.ts";
import { createPostbox } from "../src/postbox.ts";
import { sentryServer } from "./sentry-server.ts";

function postboxOf(dsn: string, limits: { capacity?: number; capacityBytes?: number } = {}) {
  const dropped: string[] = [];
  const said: string[] = [];
  const postbox = createPostbox({
    dsn: parseDsn(dsn),
    onDropped: (reason) => dropped.push(reason),
    onDiagnostic: (sentence) => said.push(sentence),
    ...limits,
  });
  return { postbox, dropped, said };
}

const put = (postbox: { put(body: Uint8Array): void }, count: number) => {
  for (let n = 1; n <= count; n += 1) postbox.put(Buffer.from(`envelope ${n}`));
};

test.each([{ capacity: 3 }, { capacityBytes: 3 * "envelope n".length }])(
  "of a burst above %o the first are delivered, and the others refused and counted",
  async (limits) => {
    await using server = await sentryServer();
    const { postbox, dropped } = postboxOf(server.dsn, limits);
    put(postbox, 5);
    expect(await postbox.flush(5_000)).toBe(true);
    expect(server.bodies.toSorted()).toEqual(["envelope 1", "envelope 2", "envelope 3"]);
    expect(dropped).toEqual(["queue_full", "queue_full"]);
    put(postbox, 3);
    expect(await postbox.flush(5_000)).toBe(true);
    expect(server.bodies).toHaveLength(6);
  },
);

test("four envelopes are under way at once", async () => {
  const open: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume();
    open.push(response);
    // No answer before four have come.
    if (open.length === 4) for (const held of open.splice(0)) held.end("{}");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  const { postbox } = postboxOf(`http://key@127.0.0.1:${port}/1`);
  put(postbox, 8);
  expect(await postbox.flush(5_000)).toBe(true);
  server.closeAllConnections();
  server.close();
});

test("a server that is away is asked with one envelope at a time, and told of once", async () => {
  await using server = await sentryServer();
  server.answer(429);
  const { postbox, said } = postboxOf(server.dsn);
  put(postbox, 6);
  expect(await postbox.flush(5_000)).toBe(false);
  await expect.poll(() => server.requests()).toBe(4);
  expect(await postbox.flush(5_000)).toBe(false);
  // Four more would be 8.
  expect(server.requests()).toBeLessThanOrEqual(5);
  server.answer(200);
  expect(await postbox.flush(5_000)).toBe(true);
  expect(server.bodies).toHaveLength(6);
  expect(said).toEqual([
    "errors are not delivered. Up to 5000, or 16 MB, are held and sent again.",
    "errors are delivered again.",
  ]);
});

test("an envelope that is accepted does not shorten the wait that the server asked for with another", async () => {
  await using server = await sentryServer();
  server.answer((body) => (body === "envelope 1" && server.requests() < 4 ? 429 : 200), {
    "retry-after": "2",
  });
  const { postbox } = postboxOf(server.dsn);
  const before = performance.now();
  put(postbox, 3);
  await expect.poll(() => server.bodies, { timeout: 5_000 }).toHaveLength(3);
  expect(performance.now() - before).toBeGreaterThan(1_900);
});
