import { startOtlpReceiver, type OtlpReceiver } from "../support/otlp-receiver.ts";
import { type ApplicationOptions, runApplication, startApplication } from "./application.ts";

export const SIGNALS = ["TRACES", "METRICS", "LOGS"] as const;

/** What an application has sent, how it ended and what it said. */
export interface Sent extends Pick<OtlpReceiver, "requests"> {
  code: number | null;
  said: string[];
  spans: ReturnType<OtlpReceiver["spans"]>;
  logs: ReturnType<OtlpReceiver["logs"]>;
  metrics: ReturnType<OtlpReceiver["metrics"]>;
}

export interface SentOptions extends Partial<ApplicationOptions> {
  /** A receiver of the test's own. */
  to?: OtlpReceiver;
}

/** Runs an application to its end, everything.cjs unless it is another, and gives what our receiver got of it. */
export async function sent({ to, env = {}, ...options }: SentOptions = {}): Promise<Sent> {
  await using own = to === undefined ? await startOtlpReceiver() : undefined;
  const receiver = to ?? own!;
  const { code, output } = await runApplication({
    file: "everything.cjs",
    ...options,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, RECEIVER: receiver.url, ...env },
  });
  return {
    code,
    said: output.split("\n").filter((line) => line !== ""),
    requests: receiver.requests,
    spans: receiver.spans(),
    logs: receiver.logs(),
    metrics: receiver.metrics(),
  };
}

/** Runs an application whose spans arrive: gives all that it says of a variable with this value. */
export async function told(
  name: string,
  value: string,
  env: Record<string, string> = {},
): Promise<{ code: number | null; said: string[]; spans: number }> {
  const { code, said, spans } = await sent({ env: { ...env, [name]: value } });
  return { code, said, spans: spans.length };
}

/** One sentence, and the application and its span are what they would be. */
export function once(sentence: string): Awaited<ReturnType<typeof told>> {
  return { code: 0, said: [`ASSAY_CONFIG: ${sentence}`], spans: 1 };
}

/** Starts everything.cjs so that it lives on; gives what `wait` gives of its receiver. */
export async function meanwhile<Result>(
  env: Record<string, string>,
  wait: (receiver: OtlpReceiver) => Promise<Result>,
): Promise<Result> {
  await using receiver = await startOtlpReceiver();
  await using application = await startApplication({
    file: "everything.cjs",
    args: ["1", "lives"],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
  });
  const found = await wait(receiver);
  await application.stop();
  return found;
}

/** How many of each a span, its first event and link, and the log record have. */
export function countsOf({ spans: [span], logs: [log] }: Sent): Record<string, number> {
  const count = (item: { attributes: object } | undefined): number =>
    Object.keys(item?.attributes ?? {}).length;
  return {
    attributes: count(span),
    events: span?.events.length ?? 0,
    links: span?.links.length ?? 0,
    ofEvent: count(span?.events[0]),
    ofLink: count(span?.links[0]),
    ofLog: count(log),
  };
}
