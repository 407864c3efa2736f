import { expect, test } from "vitest";
import { ask, METRICS, serve } from "./scrape.ts";

test("nothing but GET and HEAD of /metrics is answered", async () => {
  await using endpoint = await serve({});
  const root = endpoint.url.replace("/metrics", "");
  expect({
    query: await ask(`${endpoint.url}?x=1`),
    head: await ask(endpoint.url, { method: "HEAD" }),
    post: await ask(endpoint.url, { method: "POST" }),
    root: await ask(root),
    below: await ask(`${endpoint.url}/x`),
  }).toEqual({
    query: METRICS,
    head: { status: 200, body: "" },
    post: { status: 405, body: "" },
    root: { status: 404, body: "Metrics are at /metrics.\n" },
    below: { status: 404, body: "Metrics are at /metrics.\n" },
  });
});
