import {
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { expect, test } from "vitest";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { spoolFolder, type SpoolFolder } from "../support/spool.ts";
import { runApplication } from "./application.ts";
import { AWAY, leave, left, names } from "./spool-application.ts";

const spoilt = [
  [
    "its key is another one",
    "changed",
    (given: SpoolFolder) => given.rekey("k1"),
    /^ASSAY_SPOOL: .*its key is another one.* kept as \S+ and not sent\.$/m,
    2,
  ],
  [
    "its key is not in the file",
    "key",
    (given: SpoolFolder) => given.rekey("k2"),
    /^ASSAY_SPOOL: the key of a batch is not in ASSAY_SPOOL_KEY_FILE, so it is kept as \S+\.$/m,
    2,
  ],
  [
    "a byte of it was changed",
    "changed",
    (given: SpoolFolder) => spoil(given, flip),
    /^ASSAY_SPOOL: a batch is not what was written.* and not sent\.$/m,
    1,
  ],
  [
    "the number of its items was changed",
    "changed",
    (given: SpoolFolder) => spoil(given, (path) => flip(path, 11)),
    /^ASSAY_SPOOL: a batch is not what was written.* and not sent\.$/m,
    1,
  ],
  [
    "it ends too early",
    "torn",
    (given: SpoolFolder) => spoil(given, tear),
    /^ASSAY_SPOOL: \S+ ends too early/m,
    0,
  ],
] as const;

test.each(spoilt)("a batch is not sent when %s", async (_when, _why, change, sentence, aside) => {
  await using given = await spoolFolder();
  await leave(given);
  change(given);
  await using receiver = await startOtlpReceiver();
  const { output } = await runApplication({
    file: "spool.cjs",
    args: ["0", "", "normal"],
    env: { ...given.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  expect(output).toMatch(sentence);
  // The spans' batch is the one that is spoilt; without the key no batch can be read.
  expect(receiver.spans()).toEqual([]);
  expect(receiver.logs()).toHaveLength(aside === 2 ? 0 : 1);
  expect(given.batches().filter((path) => path.includes("/aside/"))).toHaveLength(aside);
  expect(given.batches()).toHaveLength(aside);
});

function spoil(given: SpoolFolder, change: (path: string) => void): void {
  const bySize = given.batches().toSorted((a, b) => statSync(b).size - statSync(a).size);
  change(bySize[0]!); // that of 20 spans
}

function flip(path: string, at = 100): void {
  const bytes = readFileSync(path);
  bytes[at]! ^= 1;
  writeFileSync(path, bytes);
}

function tear(path: string): void {
  truncateSync(path, statSync(path).size - 20);
}

test("above its size the oldest batches go, and it is told", async () => {
  await using given = await spoolFolder();
  await leave(given, "first");
  await leave(given, "second");
  const [size = 0] = given
    .batches()
    .map((path) => statSync(path).size)
    .toSorted((a, b) => b - a);
  // Room for what both left, less one byte: the next batch of its own makes it too much.
  const { output } = await runApplication({
    file: "spool.cjs",
    args: ["20", "own", "normal"],
    env: {
      ...given.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: AWAY,
      ASSAY_SPOOL_MAX_BYTES: String(2 * size),
    },
  });
  expect(output).toMatch(
    /^ASSAY_SPOOL: more than \d+ bytes are held; the oldest batches are dropped and counted\.$/m,
  );
  await using receiver = await startOtlpReceiver();
  await runApplication({
    file: "spool.cjs",
    args: ["0", "", "normal"],
    env: { ...given.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  });
  const arrived = names(receiver);
  expect(arrived).toEqual(expect.arrayContaining(left("own")));
  expect(arrived).not.toContain("first 0");
});

const refused = [
  [
    "no key file",
    { ASSAY_SPOOL_KEY_FILE: "" },
    () => {},
    /^ASSAY_CONFIG: ASSAY_SPOOL_DIR is set and ASSAY_SPOOL_KEY_FILE is not; name a file .* Nothing is spooled until then\.$/m,
  ],
  [
    "a key of 16 bytes",
    {},
    (given: SpoolFolder) => given.rekey("k1", 16),
    /^ASSAY_CONFIG: ASSAY_SPOOL_KEY_FILE is .*32 bytes or more\. Nothing is spooled until then\.$/m,
  ],
  [
    "a folder that others can open",
    {},
    (given: SpoolFolder) => {
      mkdirSync(given.folder);
      chmodSync(given.folder, 0o750);
    },
    /^ASSAY_CONFIG: ASSAY_SPOOL_DIR is .*this user alone can open.* Nothing is spooled until then\.$/m,
  ],
  [
    "a folder that is a link",
    {},
    (given: SpoolFolder) => {
      mkdirSync(`${given.folder}-real`, { mode: 0o700 });
      symlinkSync(`${given.folder}-real`, given.folder);
    },
    /^ASSAY_CONFIG: ASSAY_SPOOL_DIR is .* no link .* Nothing is spooled until then\.$/m,
  ],
] as const;

test.each(refused)(
  "with %s nothing is spooled, one sentence says so, and the application runs",
  async (_what, env, prepare, sentence) => {
    await using given = await spoolFolder();
    prepare(given);
    const { code, output } = await runApplication({
      file: "spool.cjs",
      args: ["20", "left", "exit"],
      env: { ...given.env, ...env, OTEL_EXPORTER_OTLP_ENDPOINT: AWAY },
    });
    expect(code).toBe(0);
    expect(output.match(/^ASSAY_CONFIG.*$/gm)).toHaveLength(1);
    expect(output).toMatch(sentence);
    expect(output).toContain("lost: 2 of 2 batches");
    expect(given.batches()).toEqual([]);
  },
);
