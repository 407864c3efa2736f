import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
// @boundaries-ignore the set-up runs before any package is installed
import { withLock } from "../../scripts/lock.mjs";
// @boundaries-ignore the set-up runs before any package is installed
import { ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "./temporary-folder.ts";

const LOCK = pathToFileURL(join(ROOT, "scripts", "lock.mjs")).href;

// Adds one to a number in a file, yielding between the reading and the writing.
const COUNT = `
import { readFileSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { withLock } from ${JSON.stringify(LOCK)};
for (let turn = 0; turn < 10; turn++) {
  await withLock(process.argv[1], async () => {
    const count = Number(readFileSync(process.argv[2], "utf8"));
    await setImmediate();
    writeFileSync(process.argv[2], String(count + 1));
  });
}
`;

const HOLD = `
import { noteChild, withLock } from ${JSON.stringify(LOCK)};
await withLock(process.argv[1], () => {
  noteChild(process.argv[2] && Number(process.argv[2]));
  process.stdout.write("held");
  return new Promise((resolve) => setTimeout(resolve, 60_000));
});
`;

test("two set-ups at once never work under one lock at the same time, and leave nothing behind", async () => {
  using folder = temporaryFolder();
  const counter = join(folder.path, "counter");
  writeFileSync(counter, "0");
  const lock = join(folder.path, "it.lock");
  const codes = await Promise.all([1, 2].map(() => ended(node(COUNT, lock, counter))));
  expect(codes).toEqual([0, 0]);
  expect(readFileSync(counter, "utf8")).toBe("20");
  expect(readdirSync(folder.path)).toEqual(["counter"]);
});

test("the lock of a killed set-up is taken over by exactly one of those who wait", async () => {
  using folder = temporaryFolder();
  const counter = join(folder.path, "counter");
  writeFileSync(counter, "0");
  const lock = join(folder.path, "it.lock");
  const holder = node(HOLD, lock);
  await new Promise((resolve) => holder.stdout?.once("data", resolve));
  const waiting = [1, 2, 3].map(() => ended(node(COUNT, lock, counter)));
  holder.kill("SIGKILL");
  expect(await Promise.all(waiting)).toEqual([0, 0, 0]);
  expect(readFileSync(counter, "utf8")).toBe("30");
  expect(readdirSync(folder.path)).toEqual(["counter"]);
});

test("the lock of a killed set-up stays held while the program that it had started goes on", async () => {
  using folder = temporaryFolder();
  const lock = join(folder.path, "it.lock");
  const orphan = node("process.stdin.resume()");
  const holder = node(HOLD, lock, String(orphan.pid));
  await new Promise((resolve) => holder.stdout?.once("data", resolve));
  holder.kill("SIGKILL");
  await ended(holder);
  let work: Promise<string> | undefined;
  const waitedFor = await new Promise((onWait) => {
    work = withLock(lock, () => Promise.resolve("worked"), { onWait });
  });
  expect(waitedFor).toBe(holder.pid);
  orphan.kill("SIGKILL");
  expect(await work).toBe("worked");
});

test("work that throws gives the lock back", async () => {
  using folder = temporaryFolder();
  const lock = join(folder.path, "it.lock");
  await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(lock)).toBe(false);
});

function node(source: string, ...args: string[]): ChildProcess {
  return spawn(process.execPath, ["--input-type=module", "--eval", source, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on("close", resolve));
}
