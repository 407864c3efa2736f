import { type Service, spawnService } from "../support/process.ts";

/** Spans that one tick of the load finished: those of `from` up to before `to`, at a moment in milliseconds. */
export interface Tick {
  from: number;
  to: number;
  at: number;
}

export interface LoadOptions {
  /** Spans a second. */
  rate: number;
  /** Stands in the name of every span. */
  run: string;
  env: Record<string, string>;
  flags?: readonly string[];
}

/** Starts an application under load, beneath the preload. */
export function startLoad({ rate, run, env, flags = [] }: LoadOptions): Promise<Service> {
  return spawnService({
    name: `the load ${run}`,
    command: process.execPath,
    args: [...flags, "--require", "@assay/node/register", "load.cjs", String(rate), run],
    cwd: import.meta.dirname,
    env: { NODE_OPTIONS: "", OTEL_SERVICE_NAME: "load", ASSAY_START_LINE: "false", ...env },
    ready: /begun/,
  });
}

/** What the load wrote down so far. */
export function ticksOf(load: Service): Tick[] {
  return linesOf(load).filter((line): line is Tick => "from" in line);
}

/** What the load wrote when it was stopped; `undefined` before. */
export function endOf(load: Service): { finished: number; mostRss: number } | undefined {
  return linesOf(load).find(
    (line): line is { finished: number; mostRss: number } => "finished" in line,
  );
}

function linesOf(load: Service): object[] {
  const lines = load.output("stdout").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as object);
}

/** The class that stands at the end of a span's name. */
export function classIn(name: string): string {
  return name.split(" ").at(-1) ?? "";
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
