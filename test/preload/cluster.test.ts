import { expect, test } from "vitest";
import { freePort } from "../support/process.ts";
import { getJson, waitFor } from "../support/wait.ts";
import { startApplication } from "./application.ts";

interface Cluster extends AsyncDisposable {
  pid: number;
  output(): string;
  /** What the application's primary is told to do, and what it answers. */
  command(name: string, worker?: number): Promise<unknown>;
  /** The lines of a scrape that are about `shop.*` and late workers, as name and labels to value. */
  scrape(): Promise<Record<string, number>>;
  /** Scrapes until the counter of orders has this value. */
  orders(total: number): Promise<Record<string, number>>;
}

async function startCluster(file: string, env: Record<string, string> = {}): Promise<Cluster> {
  const port = await freePort();
  const application = await startApplication({
    file,
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
      OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
      ...env,
    },
    ready: /control at/,
  });
  const control = /control at (\S+)/.exec(application.output())![1]!;
  const scrape = async (): Promise<Record<string, number>> => {
    const response = await fetch(`http://127.0.0.1:${port}/metrics`);
    const text = await response.text();
    const lines = text.split("\n").filter((line) => /^(?:shop_|assay_cluster)/.test(line));
    return Object.fromEntries(
      lines.map((line) => {
        const end = line.lastIndexOf(" ");
        return [line.slice(0, end), Number(line.slice(end + 1))];
      }),
    );
  };
  return Object.assign(application, {
    command: (name: string, worker = 0) => getJson(`${control}/${name}/${worker}`),
    scrape,
    orders: (total: number) =>
      waitFor(
        async () => {
          const all = await scrape();
          return all[ORDERS] === total ? all : undefined;
        },
        { what: `${total} orders`, deadlineMs: 20_000, everyMs: 50 },
      ),
  });
}

const ORDERS = 'shop_orders_total{queue="a"}';

test.each(["cluster.cjs", "cluster.mjs", "cluster-exec.mjs"])(
  "the primary of %s serves its own metrics and those of its workers",
  async (file) => {
    await using cluster = await startCluster(file);
    const all = await cluster.orders(31);
    expect(Object.entries(all).filter(([name]) => !name.includes("_bucket"))).toEqual([
      [ORDERS, 31],
      ['shop_float{assay_worker="primary"}', 7],
      ['shop_float{assay_worker="1"}', expect.any(Number)],
      ['shop_float{assay_worker="2"}', expect.any(Number)],
      ['shop_float{assay_worker="3"}', expect.any(Number)],
      ["shop_open", 6],
      ["shop_wait_seconds_count", 3],
      ["shop_wait_seconds_sum", expect.closeTo(0.6)],
    ]);
    // Nor is there a word of a port in use.
    expect(cluster.output()).toMatch(/^control at \S+\n$/);
  },
);

test("no counter goes back when a worker is killed, ends or is replaced", async () => {
  await using cluster = await startCluster("cluster.cjs");
  await cluster.orders(31);
  await cluster.command("kill", 1);
  await waitFor(async () => ((await cluster.command("alive")) as string[]).length === 2, {
    what: "the end of a worker",
  });
  const killed = await cluster.scrape();
  await cluster.command("fork");
  const replaced = await cluster.orders(41);
  // It counts five more that nobody has asked for before its end.
  await cluster.command("end", 2);
  await waitFor(async () => !((await cluster.command("alive")) as string[]).includes("2"), {
    what: "the end of another",
  });
  const ended = await cluster.scrape();
  const shown = (all: Record<string, number>): unknown[] => [
    all[ORDERS],
    all["shop_wait_seconds_count"],
    all["shop_open"],
    Object.keys(all).filter((name) => name.startsWith("shop_float")).length,
  ];
  expect({ killed: shown(killed), replaced: shown(replaced), ended: shown(ended) }).toEqual({
    killed: [31, 3, 4, 3],
    replaced: [41, 4, 6, 4],
    ended: [46, 4, 4, 3],
  });
});

test("a worker that does not answer stands at its last totals and is counted", async () => {
  await using cluster = await startCluster("cluster.cjs");
  await cluster.orders(31);
  await cluster.command("hang", 2);
  await waitFor(async () => JSON.stringify(await cluster.command("heard")).includes("hangs"), {
    what: "a worker that hangs",
  });
  const hanging = await cluster.scrape();
  const counted = await cluster.scrape();
  await cluster.command("kill", 2);
  const late = Object.entries(counted).filter(([name]) => name.startsWith("assay_cluster_late"));
  expect({
    orders: [hanging[ORDERS], counted[ORDERS]],
    open: hanging["shop_open"],
    late: late.map(([name, value]) => [name.replace(/"\d"/, "N"), value]),
  }).toEqual({
    orders: [31, 31],
    open: 4,
    late: [["assay_cluster_late_total{assay_worker=N}", 1]],
  });
});

test.each(["json", "advanced"])(
  "the application hears its own messages and no others, sent as %s",
  async (serialization) => {
    await using cluster = await startCluster("cluster.cjs", { SERIALIZATION: serialization });
    await cluster.orders(31);
    await cluster.command("tell", 1);
    const heard = await waitFor(
      async () => {
        const messages = (await cluster.command("heard")) as unknown[];
        return messages.length > 0 ? messages : undefined;
      },
      { what: "an answer of a worker" },
    );
    expect(heard).toEqual([{ from: 1, heard: [{ tell: true }] }]);
  },
);

test("an application that never listens to messages is no different", async () => {
  await using cluster = await startCluster("cluster.mjs", { LISTENS: "no" });
  await cluster.orders(31);
  expect(cluster.output()).toMatch(/^control at \S+\n$/);
});

test("workers of a primary without Assay say that nobody serves their metrics", async () => {
  await using application = await startApplication({
    file: "cluster-bare.cjs",
    preload: "node:os",
    env: {
      OTEL_TRACES_EXPORTER: "none",
      OTEL_LOGS_EXPORTER: "none",
      OTEL_METRICS_EXPORTER: "prometheus",
    },
    ready: /^ASSAY_EXPORT/m,
  });
  expect(application.output().split("\n")).toContain(
    "ASSAY_EXPORT: the primary of this cluster runs without Assay, so nobody serves the /metrics of its workers; load @assay/node/register there, too.",
  );
});
