import { expect, test } from "vitest";
import { freePort } from "./port.ts";
import { spawnService } from "./process.ts";

const node = process.execPath;
const STAYS = "setInterval(() => {}, 1000);";

test("is ready when its output says so, and its output is kept", async () => {
  await using service = await spawnService({
    name: "The talker",
    command: node,
    args: ["-e", `console.log("warming"); console.error("listening on 7"); ${STAYS}`],
    ready: /listening on \d/,
  });
  expect(service.output().split("\n").toSorted()).toEqual(["", "listening on 7", "warming"]);
});

test("a service that ends before it is ready is an error with its last lines", async () => {
  const starting = spawnService({
    name: "The failing one",
    command: node,
    args: ["-e", `console.log("port in use"); process.exitCode = 3;`],
    ready: /never/,
  });
  await expect(starting).rejects.toThrow(
    "The failing one ended with code 3.\nIts last output:\nport in use",
  );
});

test("a service that is not ready in time is stopped, and the last reason is told", async () => {
  const pids: number[] = [];
  const starting = spawnService({
    name: "The slow one",
    command: node,
    args: ["-e", `console.log("up"); ${STAYS}`],
    ready: ({ pid }) => {
      pids.push(pid);
      return Promise.reject(new Error("connection refused"));
    },
    deadlineMs: 300,
  });
  await expect(starting).rejects.toThrow(
    /Waited 0.3 s for The slow one to be ready.*connection refused/,
  );
  // Signal 0 only asks whether the process is there.
  expect(() => process.kill(pids[0] ?? 0, 0)).toThrow("ESRCH");
});

test("a program that is not there is an error with its name", async () => {
  const starting = spawnService({ name: "Nothing", command: "/no/such/program" });
  await expect(starting).rejects.toThrow(/^Nothing did not start: spawn .* ENOENT/);
});

test("a service that ignores SIGTERM is killed after the deadline", async () => {
  await using service = await spawnService({
    name: "The deaf one",
    command: node,
    args: ["-e", `process.on("SIGTERM", () => {}); console.log("up"); ${STAYS}`],
    ready: /up/,
  });
  expect(await service.stop(200)).toEqual({ code: null, signal: "SIGKILL" });
});

test("a variable set to undefined is taken from the environment", async () => {
  process.env.ASSAY_TEST_VARIABLE = "set";
  await using service = await spawnService({
    name: "The reader",
    command: node,
    args: ["-p", "`<${process.env.ASSAY_TEST_VARIABLE}>`"],
    env: { ASSAY_TEST_VARIABLE: undefined },
  });
  await service.exited;
  delete process.env.ASSAY_TEST_VARIABLE;
  expect(service.output()).toBe("<undefined>\n");
});

test("gives each port once", async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
});
