import type { IncomingMessage, ServerResponse } from "node:http";
import { createRedactor, type Redactor } from "@assay/redaction";
import {
  formOf,
  isOtlpPath,
  type OtlpForm,
  type OtlpPath,
  readExport,
  RequestError,
  sendExported,
  sendProblem,
} from "@assay/otlp";
import { createBridge } from "./bridge.ts";
import { createBridgeMetrics } from "./bridge-metrics.ts";
import { createProject, type ProjectHealth } from "./bridge-project.ts";
import type { ProjectSetting } from "./bridge-projects.ts";
import { errorsOfLogs, errorsOfTraces, type ReadErrors } from "./otlp-errors.ts";
import { createSetAside, type SetAsideRecord } from "./set-aside.ts";

export interface BridgeHandlerOptions {
  /** Where errors go. */
  projects: readonly ProjectSetting[];
  redactor?: Redactor | undefined;
  /** Milliseconds that a failed span without an exception waits for one of the same trace. */
  waitMs?: number | undefined;
  /** Folder for what can be no issue, redacted; without it that is counted only. */
  setAside?: string | undefined;
  /** Told one sentence when Sentry begins to refuse events; never with an event. */
  onDiagnostic?: ((sentence: string) => void) | undefined;
}

/** The bridge as a handler, for a server of one's own. */
export interface BridgeHandler {
  /** Answers a request to /v1/traces, /v1/logs, /healthz, /health/sentry or /metrics, and 404 to another. */
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Takes no more, and waits until what is under way is answered, `timeoutMs` at most. */
  close(timeoutMs?: number): Promise<void>;
}

/** Bytes of bodies held at once, by requests that come in or wait for their answer. */
const MOST_HELD_BYTES = 64 * 1024 * 1024;
/** A Collector that is told to wait longer does not notice that a limit was lifted. */
const LONGEST_WAIT_S = 300;
const CLOSE_MS = 10_000;
const SET_ASIDE = "Errors that cannot be read or judged, or that Sentry refused for good.";

const READERS: Partial<Record<OtlpPath, (body: unknown) => ReadErrors>> = {
  "/v1/traces": errorsOfTraces,
  "/v1/logs": errorsOfLogs,
};

/**
 * Makes the bridge's handler.
 *
 * A request is answered when Sentry has accepted what is in it: 200; 429 when Sentry limits the projects of what is left,
 * and 503 when Sentry is away or too much waits, both with Retry-After, so that the Collector keeps the data and sends it
 * again; 400 for what is not OTLP. Throws one sentence when `setAside` cannot be written.
 */
export function createBridgeHandler({
  projects: settings,
  redactor = createRedactor(),
  waitMs = 2_000,
  setAside: directory,
  onDiagnostic = () => {},
}: BridgeHandlerOptions): BridgeHandler {
  const setAside =
    directory === undefined ? undefined : createSetAside({ directory, onDiagnostic });
  const projects = settings.map((setting) => createProject(setting, onDiagnostic));
  const health = (): ProjectHealth[] => projects.map((project) => project.health());
  let heldBytes = 0;
  const metrics = createBridgeMetrics({ health, heldBytes: () => heldBytes });
  const put = (record: SetAsideRecord): void => {
    metrics.count(record.reason, record.project);
    setAside?.put(record);
  };
  const bridge = createBridge({
    projects,
    redactor,
    waitMs,
    onFate: (project, result) => metrics.count(result, project),
    onSetAside: put,
  });

  let isClosing = false;
  const answering = new Set<Promise<void>>();

  const take = async (
    request: IncomingMessage,
    response: ServerResponse,
    { path, read }: { path: OtlpPath; read: (body: unknown) => ReadErrors },
  ): Promise<void> => {
    const form = formOf(request);
    let own = 0;
    const hold = (bytes: number): boolean => {
      own += bytes;
      heldBytes += bytes;
      return heldBytes <= MOST_HELD_BYTES;
    };
    try {
      const body = await readExport(request, path, { hold });
      const { errors, unreadable } = readErrors(read, body);
      for (let left = unreadable; left > 0; left -= 1) put({ reason: "unreadable" });
      const { refused, againInMs, isLimited } = await bridge.forward(errors);
      if (againInMs === undefined) {
        const rejected = refused + unreadable;
        return sendExported(response, { path, form, rejected, sentence: SET_ASIDE });
      }
      const status = isLimited ? 429 : 503;
      again(response, { status, form, seconds: Math.ceil(againInMs / 1_000) });
    } catch (error) {
      request.resume();
      if (error instanceof RequestError && error.status === 503) {
        return again(response, { status: 503, form, seconds: 5 });
      }
      if (error instanceof RequestError) {
        return sendProblem(response, { status: error.status, form, sentence: error.message });
      }
      // A fault of ours; its message may hold a part of the payload.
      sendProblem(response, { status: 500, form, sentence: "The request could not be handled." });
    } finally {
      heldBytes -= own;
    }
  };

  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? "/").split("?", 1)[0]!;
    if (request.method === "GET" && path === "/healthz") return reply(response, { status: "ok" });
    if (request.method === "GET" && path === "/health/sentry") {
      return reply(response, healthOf(health(), heldBytes));
    }
    if (request.method === "GET" && path === "/metrics") return metrics.answer(request, response);
    const read = isOtlpPath(path) ? READERS[path] : undefined;
    const form = formOf(request);
    if (read === undefined) {
      request.resume();
      const sentence = "Use /v1/traces, /v1/logs, /healthz, /health/sentry or /metrics.";
      return sendProblem(response, { status: 404, form, sentence });
    }
    if (isClosing) {
      request.resume();
      return again(response, { status: 503, form, seconds: 1 });
    }
    const answer = take(request, response, { path: path as OtlpPath, read });
    answering.add(answer);
    void answer.finally(() => answering.delete(answer));
  };

  return {
    handle,
    async close(timeoutMs = CLOSE_MS) {
      isClosing = true;
      const late = new Promise((resolve) => {
        setTimeout(resolve, timeoutMs).unref();
      });
      await Promise.race([Promise.all(answering), late]);
      await metrics.close();
    },
  };
}

function readErrors(read: (body: unknown) => ReadErrors, body: unknown): ReadErrors {
  try {
    return read(body);
  } catch {
    throw new RequestError(400, "The body is not OTLP.");
  }
}

function again(
  response: ServerResponse,
  { status, form, seconds }: { status: 429 | 503; form: OtlpForm; seconds: number },
): void {
  response.setHeader("retry-after", String(Math.min(Math.max(seconds, 1), LONGEST_WAIT_S)));
  const sentence =
    status === 429 ? "Sentry limits events now." : "Sentry does not take events now.";
  sendProblem(response, { status, form, sentence });
}

function healthOf(projects: readonly ProjectHealth[], heldBytes: number): object {
  const time = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString());
  const isWell = ({ limitedUntilMs, lastProblem }: ProjectHealth): boolean =>
    limitedUntilMs === undefined && lastProblem === undefined;
  return {
    status: projects.every(isWell) ? "ok" : "degraded",
    heldBytes,
    projects: projects.map((project) => ({
      name: project.name,
      status: isWell(project) ? "ok" : "degraded",
      lastAccepted: time(project.lastAcceptedMs),
      limitedUntil: time(project.limitedUntilMs),
      lastProblem: project.lastProblem ?? null,
      sending: project.sending,
    })),
  };
}

function reply(response: ServerResponse, body: object): void {
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
}
