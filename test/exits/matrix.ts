import { type OtlpReceiver, startOtlpReceiver } from "../support/otlp-receiver.ts";
import { type Exit, spawnService } from "../support/process.ts";
import { waitFor } from "../support/wait.ts";

/** Module systems that an application is written in. */
export const SYSTEMS = ["cjs", "mjs"] as const;
export type System = (typeof SYSTEMS)[number];

/** An end of a process: what ends it, and how often each of its threads and processes finishes its spans. */
export interface Ending {
  /** As apps/endings.cjs has it. */
  name: string;
  /** Who finishes spans there. */
  who: readonly string[];
  /** Whose open span cannot arrive: nothing of that thread runs any more. */
  mute?: readonly string[];
  /** The application waits for SIGUSR2, which it gets when all this has arrived. */
  after?: readonly string[];
}

const MAIN = ["main"];
const THREADS = ["main", "worker"];
const CLUSTER = ["primary", "worker"];

export const ENDINGS: readonly Ending[] = [
  ...[
    "normal",
    "exit",
    "throw",
    "reject",
    "SIGINT",
    "SIGTERM",
    "SIGTERM, own listener",
    "handled throw",
  ].map((name) => ({ name, who: MAIN })),
  ...[
    "worker ends",
    "worker exits",
    "worker throws",
    "worker rejects",
    "main exits",
    "main throws",
    "main by SIGTERM",
    "main ends, unref'd",
  ].map((name) => ({ name: `thread: ${name}`, who: THREADS })),
  {
    name: "thread: worker is terminated",
    who: THREADS,
    mute: ["worker"],
    // What a thread finishes has to be out before the thread is terminated: README, "What is delivered".
    after: ["worker 19", "worker logged"],
  },
  ...[
    "worker ends",
    "worker exits",
    "worker throws",
    "primary disconnects",
    "primary kills",
    "primary exits",
  ].map((name) => ({ name: `cluster: ${name}`, who: CLUSTER })),
];

/** What can be seen of an end from outside. */
export interface Seen extends Exit {
  /** What the application's listeners heard and printed, sorted: two processes print in no order. */
  heard: string[];
  /** What is on stderr, less Assay's own lines and ids of processes. */
  stderr: string;
}

/** One cell of the matrix. */
export interface Cell {
  plain: Seen;
  assay: Seen;
  /** Names of spans and bodies of log records that were finished, and of spans that were open. */
  expected: string[];
  lost: string[];
  twice: string[];
  /** What ended the spans that were open, by the name of the span. */
  endedBy: Record<string, unknown>;
  ms: number;
}

const SPANS = 20; // as in apps/endings.cjs

/** Ends an application under plain Node and under the preload, and tells both ends and what arrived. */
export async function runCell(system: System, ending: Ending): Promise<Cell> {
  await using receiver = await startOtlpReceiver();
  const run = async (flags: string[], env: Record<string, string>): Promise<Seen> => {
    await using application = await spawnService({
      name: `${ending.name} as ${system}`,
      command: process.execPath,
      args: [...flags, `apps/app.${system}`, ending.name],
      cwd: import.meta.dirname,
      env: { NODE_OPTIONS: "", ...env },
      ...(ending.after === undefined ? {} : { ready: /main waits/ }),
    });
    if (ending.after !== undefined) {
      if (flags.length > 0) await waitForAll(receiver, ending.after);
      await application.kill("SIGUSR2");
    }
    const exit = await application.exited;
    return {
      ...exit,
      heard: application.output("stdout").trim().split("\n").toSorted(),
      stderr: withoutOurs(application.output("stderr")),
    };
  };
  const plain = await run([], {});
  const begin = performance.now();
  const assay = await run(["--require", "@assay/node/register"], {
    OTEL_SERVICE_NAME: "exits",
    ASSAY_START_LINE: "false",
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  });
  const ms = performance.now() - begin;

  const expected = ending.who.flatMap((who) => [
    ...Array.from({ length: SPANS }, (_, index) => `${who} ${index}`),
    `${who} logged`,
    ...(ending.mute?.includes(who) === true ? [] : [`${who} open`]),
  ]);
  const spans = receiver.spans();
  const arrived = [
    ...spans.map(({ name }) => name),
    ...receiver
      .logs()
      .map(({ body }) => String(body))
      .filter((body) => body.endsWith(" logged")),
  ];
  const counts = new Map<string, number>();
  for (const name of arrived) counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    plain,
    assay,
    expected,
    lost: expected.filter((name) => !counts.has(name)),
    twice: [...counts].filter(([, count]) => count > 1).map(([name]) => name),
    endedBy: Object.fromEntries(
      spans
        .filter(({ name }) => name.endsWith(" open"))
        .map(({ name, attributes, status }) => [
          name,
          `${String(attributes["assay.span.ended_by"])}${status.code === 2 ? ", ERROR" : ""}`,
        ]),
    ),
    ms,
  };
}

async function waitForAll(receiver: OtlpReceiver, names: readonly string[]): Promise<void> {
  const has = (name: string): boolean =>
    receiver.spans().some((span) => span.name === name) ||
    receiver.logs().some(({ body }) => body === name);
  await waitFor(() => names.every((name) => has(name)), { what: "what the thread finished" });
}

function withoutOurs(stderr: string): string {
  return stderr
    .split("\n")
    .filter((line) => !line.startsWith("ASSAY_"))
    .join("\n")
    .replaceAll(/\b\d{2,}\b/g, "N");
}

/** Whether the end under the preload is that of plain Node and everything arrived once. */
export function isSound({ plain, assay, lost, twice }: Cell): boolean {
  return JSON.stringify(plain) === JSON.stringify(assay) && lost.length + twice.length === 0;
}
