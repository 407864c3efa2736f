import { expect, test } from "vitest";
import { spawnService } from "../support/process.ts";

/** A difference from upstream that is wanted. */
interface Difference {
  reason: string;
  /** Lines that upstream has and we have not, and the other way round. */
  upstream?: RegExp;
  ours?: RegExp;
}

const UNANSWERED =
  "the caller goes away|an error of the response|the server hangs up|a timeout|destroyed before an answer|aborted by a signal|fetch that is hung up|fetch that is given up|fetch that takes too long";

const WANTED: Difference[] = [
  {
    reason: "what was never answered has no status; upstream tells the 200 that Node begins with",
    upstream: new RegExp(
      `^(?:${UNANSWERED}): (?:server 1: http.response.status_code = 200|http.server.request.duration .*status_code=200)`,
    ),
    ours: new RegExp(`^(?:${UNANSWERED}): http.server.request.duration (?!.*status_code)`),
  },
  {
    reason: "a request that a server hands to another one is one request",
    upstream: /^handed on to another server: (?:server 2|http.server.request.duration .*: 2)/,
    ours: /^handed on to another server: http.server.request.duration .*: 1/,
  },
  {
    reason: "a path is known whatever the host is",
    ours: /^a host that is none: server 1: url.path = \/ok/,
  },
  {
    reason: "what is sent is DELETE, however it was written",
    upstream: /^a method in small letters: client 1: http.request.method_original = delete/,
  },
  {
    reason: "an address of IPv6 is a host and, in a URL, in brackets with its port",
    upstream:
      /^IPv6 by options: (?:client 1: (?:server.address = localhost|url.full = http:\/\/::1\/ok)|http.client.*localhost)/,
    ours: /^IPv6 by options: (?:client 1: (?:server.address = ::1|url.full = http:\/\/\[::1\]:<six>\/ok)|http.client.*server.address=::1)/,
  },
  {
    reason: "names of headers are the same in capitals",
    ours: /^a user agent in capitals: client 1: user_agent.original = recorded\/2/,
  },
  {
    reason: "half an answer is no success",
    upstream: /^an answer that is cut off.*: (?:client 1: status = 0|http.client)/,
    ours: /^an answer that is cut off.*: (?:client 1: (?:status = 2 aborted|exception = ECONNRESET aborted|error.type = Error)|http.client.*error.type=Error)/,
  },
  {
    reason: "what Node refuses to ask is no request",
    upstream: /^a URL that is none: /,
  },
  {
    reason: "the conventions want the original method only where it is another",
    upstream: /: client \d: http.request.method_original = (?:GET|POST|HEAD)$/,
  },
  {
    reason: "no query is no attribute",
    upstream: /: client \d: url.query = $/,
  },
  {
    reason: "an error that has a number as its code is called by its name",
    upstream:
      /^fetch that takes too long: (?:client 1: error.type = 23|http.client.*error.type=23)/,
    ours: /^fetch that takes too long: (?:client 1: error.type = TimeoutError|http.client.*error.type=TimeoutError)/,
  },
];

async function record(whose: "upstream" | "ours"): Promise<string[]> {
  const service = await spawnService({
    name: whose,
    command: process.execPath,
    args: ["fixtures/recorded/record.cjs", whose],
    cwd: import.meta.dirname,
  });
  await service.exited;
  return JSON.parse(service.output()) as string[];
}

test("recorded requests leave the same spans and durations as with upstream's instrumentations, but for what is wanted", async () => {
  const upstream = await record("upstream");
  const ours = await record("ours");
  const lost = upstream.filter((line) => !ours.includes(line));
  const added = ours.filter((line) => !upstream.includes(line));
  const unwanted = {
    lost: lost.filter((line) => !WANTED.some((wanted) => wanted.upstream?.test(line))),
    added: added.filter((line) => !WANTED.some((wanted) => wanted.ours?.test(line))),
  };
  const unused = WANTED.filter(
    (wanted) =>
      (wanted.upstream !== undefined && !lost.some((line) => wanted.upstream?.test(line))) ||
      (wanted.ours !== undefined && !added.some((line) => wanted.ours?.test(line))),
  );
  expect({ unwanted, unused: unused.map(({ reason }) => reason) }).toEqual({
    unwanted: { lost: [], added: [] },
    unused: [],
  });
  expect(ours.filter((line) => line.includes(": name = ")).length).toBeGreaterThan(150);
});
