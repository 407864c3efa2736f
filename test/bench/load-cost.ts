import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { Preload } from "./startup-cost.ts";

/** What one application needs for its requests. */
export interface LoadCost {
  /** CPU time of all threads for one request of /json, user and system. */
  jsonUs: number;
  /** The same for one of /inner, which makes a call of its own. */
  innerUs: number;
  /** Of /json at `perSecond`, from the moment at which a request was due. */
  p99Ms: number;
  /** At the end of it all. */
  rssMb: number;
}

export interface LoadOptions {
  /** Requests of each route that are measured. */
  requests: number;
  /** Requests of each route before that. */
  warmUp: number;
  perSecond: number;
  seconds: number;
  /** Milliseconds after the last answer in which what is due is still sent. */
  settleMs: number;
}

const APPS = join(import.meta.dirname, "load-apps");

/** Loads `app` of load-apps/ under `preload`; client, receiver and the peer of its calls are processes of their own. */
export async function measureLoad(
  app: string,
  { file, env = {} }: Preload,
  { requests, warmUp, perSecond, seconds, settleMs }: LoadOptions,
): Promise<LoadCost> {
  await using client = await start("client");
  await using inner = await start("peer");
  await using receiver = await start("peer");
  const receives = `http://127.0.0.1:${receiver.port}`;
  await using service = await start(app, {
    execArgv: file === undefined ? [] : ["--require", file],
    env: {
      BENCH_INNER: `http://127.0.0.1:${inner.port}`,
      OTEL_SERVICE_NAME: "bench",
      OTEL_EXPORTER_OTLP_ENDPOINT: receives,
      DD_TRACE_AGENT_URL: receives,
      ...env,
    },
  });
  const load = (path: string, count: number, rate?: number): Promise<{ p99Ms: number }> =>
    client.ask({ port: service.port, path, requests: count, perSecond: rate });
  const usage = async (): Promise<{ cpuUs: number; rssMb: number }> => {
    await new Promise((resolve) => {
      setTimeout(resolve, settleMs);
    });
    return service.ask({});
  };
  const cpuUs = async (path: string): Promise<number> => {
    await load(path, warmUp);
    const before = await usage();
    await load(path, requests);
    return ((await usage()).cpuUs - before.cpuUs) / requests;
  };

  const jsonUs = await cpuUs("/json");
  const innerUs = await cpuUs("/inner");
  const { p99Ms } = await load("/json", perSecond * seconds, perSecond);
  const { rssMb } = await usage();
  return { jsonUs, innerUs, p99Ms, rssMb };
}

interface Process extends AsyncDisposable {
  port: number;
  ask<Answer>(question: object): Promise<Answer>;
}

async function start(
  name: string,
  { execArgv = [], env = {} }: { execArgv?: string[]; env?: Record<string, string> } = {},
): Promise<Process> {
  const child = fork(join(APPS, `${name}.cjs`), {
    execArgv,
    // Upstream's detectors of clouds warn that there is none.
    env: { ...process.env, NODE_OPTIONS: "", NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const { port } = (await answer(child, name)) as { port: number };
  return {
    port,
    async ask<Answer>(question: object) {
      const answered = answer(child, name);
      child.send(question);
      return (await answered) as Answer;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
  };
}

async function answer(child: ChildProcess, name: string): Promise<unknown> {
  const ended = new AbortController();
  const end = (): void => ended.abort(new Error(`${name} ended before it answered.`));
  child.once("exit", end);
  try {
    const [message] = (await once(child, "message", { signal: ended.signal })) as [unknown];
    return message;
  } finally {
    child.off("exit", end);
  }
}
