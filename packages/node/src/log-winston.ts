import { type Attributes, context, type Context, trace } from "@opentelemetry/api";
import type { Say } from "./diagnostics.ts";
import { exceptionAttributes, sendLog, whileWriting } from "./log-bridge.ts";
import { patchLogModule } from "./log-module.ts";
import { severityOfName } from "./log-severity.ts";
import { logValue } from "./log-value.ts";

/** What a stream of Node's calls of its own kind. */
const WRITE = "_write";
const WRITE_MANY = "_writev";

interface Transport {
  level?: string;
  silent?: boolean;
  constructor: { name: string };
  [WRITE]: (...given: unknown[]) => unknown;
  [WRITE_MANY]?: (...given: unknown[]) => unknown;
}

interface WinstonLogger {
  level: string;
  levels: Record<string, number>;
  transports: readonly Transport[];
  push: (info: unknown, encoding?: string) => boolean;
  pipe: (target: Transport, options?: object) => unknown;
}

type Info = Record<string | symbol, unknown>;

const LEVEL = Symbol.for("level");
/** Under it upstream's instrumentation keeps the context in which a line was written. */
const CONTEXT = Symbol.for("opentelemetry.js.contrib.winston.context");
/** Where the logs API was before it was part of the API; who registered a provider there sends by it. */
const FORMER_API = Symbol.for("io.opentelemetry.js.api.logs");
const SENDER = "OpenTelemetryTransportV3";
const seen = new WeakSet<object>();

/**
 * Sends what winston hands to its transports, after the application's formats, when one of them takes its level.
 *
 * No transport is added: `logger.transports`, and what winston says of a logger without one, stay as they are.
 */
export function bridgeWinston(say: Say): void {
  patchLogModule({
    name: "winston",
    versions: [">=3 <4"],
    files: {
      "winston/lib/winston/logger.js": (exported) => {
        patchLogger((exported as { prototype: WinstonLogger }).prototype, say);
        return exported;
      },
    },
  });
}

function patchLogger(prototype: WinstonLogger, say: Say): void {
  if (seen.has(prototype)) return;
  seen.add(prototype);
  const { push, pipe } = prototype;
  let isSaid = false;
  // Its transport would send each record again, by exporters of the application.
  const sendsItself = (logger: WinstonLogger): boolean => {
    const sends =
      FORMER_API in globalThis &&
      logger.transports.some((transport) => transport.constructor.name === SENDER);
    if (sends && !isSaid) {
      say(
        "winston sends its records by a transport and a provider of the application, past the egress gate, so Assay does not send them again; remove @opentelemetry/winston-transport and Assay sends them, redacted.",
      );
    }
    isSaid ||= sends;
    return sends;
  };

  prototype.push = function pushSeen(info, ...more) {
    try {
      if (isInfo(info) && isTaken(this, info) && !sendsItself(this)) send(this, info);
    } catch {
      // A level or a transport of a form that winston itself does not have; its own code tells.
    }
    return Reflect.apply(push, this, [info, ...more]);
  };
  prototype.pipe = function pipeSeen(target, ...more) {
    watchWrites(target);
    return Reflect.apply(pipe, this, [target, ...more]);
  };
}

function isInfo(info: unknown): info is Info {
  return typeof info === "object" && info !== null;
}

function levelOf(info: Info): string {
  return String(info[LEVEL] ?? info["level"]);
}

function isTaken({ level, levels, transports }: WinstonLogger, info: Info): boolean {
  const taken = (least: string | undefined): boolean =>
    least === undefined || (levels[least] ?? 0) >= (levels[levelOf(info)] ?? 0);
  if (transports.length === 0) return taken(level);
  return transports.some(
    (transport) => transport.silent !== true && taken(transport.level ?? level),
  );
}

function send({ levels }: WinstonLogger, info: Info): void {
  const at = info[CONTEXT] as Context | undefined;
  sendLog("winston", () => {
    const level = levelOf(info);
    const { level: _level, message, stack, ...fields } = info;
    if (trace.getSpan(at ?? context.active()) !== undefined)
      for (const id of ["trace_id", "span_id", "trace_flags"]) delete fields[id];
    const error = Object.values(info).find((value) => value instanceof Error);
    return {
      ...(at === undefined ? {} : { context: at }),
      severityNumber: severityOfName(level, levels),
      severityText: level,
      body: logValue(message instanceof Error ? message.message : message),
      attributes: {
        ...(logValue(fields) as Attributes),
        ...exceptionAttributes(error ?? errorOf(info, stack)),
      },
    };
  });
}

// An error that is logged is itself the information, and winston or its format puts the stack there.
function errorOf(info: Info, stack: unknown): unknown {
  if (info instanceof Error) return info;
  if (typeof stack !== "string") return undefined;
  const [, name = "Error"] = /^(\w+)(?:: |\n)/.exec(stack) ?? [];
  return { name, message: info["message"], stack };
}

// Also later, when a slow one held the others up: what it puts on the console has been sent.
function watchWrites(target: Transport): void {
  if (seen.has(target)) return;
  seen.add(target);
  const { [WRITE]: write, [WRITE_MANY]: writeMany } = target;
  target[WRITE] = function writeSeen(...given) {
    return whileWriting(
      () => (given[0] as Info)["message"],
      () => Reflect.apply(write, this, given),
    );
  };
  if (typeof writeMany !== "function") return;
  target[WRITE_MANY] = function writevSeen(...given) {
    const chunks = given[0] as { chunk: Info }[];
    return whileWriting(
      () => chunks.map(({ chunk }) => chunk["message"]).join("\n"),
      () => Reflect.apply(writeMany, this, given),
    );
  };
}
