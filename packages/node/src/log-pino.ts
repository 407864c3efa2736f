import type { Say } from "./diagnostics.ts";
import { errorIdAttribute, sendLog, whileWriting } from "./log-bridge.ts";
import { lineBody } from "./log-line.ts";
import { patchLogModule } from "./log-module.ts";
import { pinoLineReader } from "./log-pino-line.ts";
import { severityOfNumber } from "./log-severity.ts";

/** What is used of the package: its factory, and the symbols under which a logger keeps its parts. */
interface Pino {
  (options: object, stream: object): PinoLogger;
  symbols: Readonly<Record<string, symbol>>;
  stdTimeFunctions?: Readonly<Record<string, unknown>>;
}

/** A logger, or what loggers inherit from. */
export interface PinoLogger {
  levels: { labels: Readonly<Record<number, string>> };
  [part: symbol]: unknown;
}

type AsJson = (this: PinoLogger, object: object, message: unknown, level: number) => string;
type Write = (this: PinoLogger, ...given: unknown[]) => void;
type StreamWrite = (line: string) => string;

/** What pino writes at the moment. */
interface Writing {
  logger: PinoLogger;
  level: number;
  line: string;
  /** What is logged under the key of errors: the line has its text alone. */
  error: unknown;
  isChanged: boolean;
}

interface TransportOptions {
  target?: unknown;
  targets?: readonly TransportOptions[];
  pipeline?: readonly TransportOptions[];
}

const SENDER = /pino-opentelemetry-transport/;
const patched = new WeakSet<object>();
/** Streams of transports that send by OTLP themselves. */
const senders = new WeakSet<object>();

/**
 * Sends what pino writes: the very line, after the application's serializers, redaction and hooks, before its stream.
 *
 * The stream stays as it is. Upstream's bridge puts a multistream in its place, which has no `flush`, and parses each
 * line on the request.
 */
export function bridgePino(say: Say): void {
  patchLogModule({
    name: "pino",
    versions: [">=5.14.0 <11"],
    patch: (pino) => patchPino(pino as Pino),
    files: { "pino/lib/transport.js": (transport) => markSenders(transport as Function, say) },
  });
}

function patchPino(pino: Pino): void {
  const {
    asJsonSym,
    writeSym,
    streamSym,
    errorKeySym,
    hooksSym = Symbol.for("pino.hooks"),
  } = pino.symbols;
  if (asJsonSym === undefined || writeSym === undefined || streamSym === undefined) return;
  const prototype = holderOf(pino({ enabled: false }, { write() {} }), asJsonSym);
  if (prototype === undefined || patched.has(prototype)) return;
  patched.add(prototype);
  const asJson = prototype[asJsonSym] as AsJson;
  const write = prototype[writeSym] as Write;
  const readerOf = pinoLineReader(pino.symbols, Object.values(pino.stdTimeFunctions ?? {}));
  let current: Writing | undefined;

  const send = ({ logger, level, line, error }: Writing): void => {
    sendLog("pino", () => {
      const severityText = logger.levels.labels[level];
      return {
        severityNumber: severityOfNumber(level),
        ...(severityText === undefined ? {} : { severityText }),
        body: lineBody(line, readerOf(logger)),
        ...(error === undefined ? {} : { attributes: errorIdAttribute(error) }),
      };
    });
  };

  prototype[asJsonSym] = function asJsonSeen(...given: Parameters<AsJson>) {
    const line = Reflect.apply(asJson, this, given);
    if (current?.logger !== this) return line;
    current.line = line;
    current.level = given[2];
    const key = errorKeySym === undefined ? undefined : this[errorKeySym];
    const logged = given[0] as Record<string, unknown> | null;
    current.error = logged?.[typeof key === "string" ? key : "err"];
    if (!current.isChanged) send(current);
    return line;
  } satisfies AsJson;

  prototype[writeSym] = function writeSeen(...given) {
    if (senders.has(this[streamSym] as object)) return Reflect.apply(write, this, given);
    const hooks = this[hooksSym] as { streamWrite?: StreamWrite } | undefined;
    const change = hooks?.streamWrite;
    const writing = {
      logger: this,
      level: 0,
      line: "",
      error: undefined,
      isChanged: typeof change === "function",
    };
    if (typeof change === "function" && !patched.has(change)) {
      const seen: StreamWrite = (line) => {
        const changed = change(line);
        if (current?.isChanged === true) send({ ...current, line: changed });
        return changed;
      };
      patched.add(seen);
      this[hooksSym] = { ...hooks, streamWrite: seen };
    }
    const outer = current;
    current = writing;
    try {
      whileWriting(
        () => writing.line,
        () => Reflect.apply(write, this, given),
      );
    } finally {
      current = outer;
    }
  } satisfies Write;
}

function holderOf(logger: PinoLogger, part: symbol): PinoLogger | undefined {
  let holder: PinoLogger | null = logger;
  while (holder !== null && !Object.hasOwn(holder, part)) {
    holder = Object.getPrototypeOf(holder) as PinoLogger | null;
  }
  return holder ?? undefined;
}

// Such a transport runs on a thread of its own, with an exporter that no gate is in front of.
function markSenders(transport: Function, say: Say): unknown {
  let isSaid = false;
  const marked = (...given: unknown[]): unknown => {
    const stream: unknown = Reflect.apply(transport, undefined, given);
    if (!isSender(given[0] as TransportOptions) || typeof stream !== "object") return stream;
    if (stream !== null) senders.add(stream);
    if (!isSaid) {
      say(
        "pino sends its records by pino-opentelemetry-transport, past the egress gate, so Assay does not send them again; remove that transport and Assay sends them, redacted.",
      );
    }
    isSaid = true;
    return stream;
  };
  return Object.assign(marked, transport);
}

function isSender({ target, targets = [], pipeline = [] }: TransportOptions = {}): boolean {
  return (
    (typeof target === "string" && SENDER.test(target)) || [...targets, ...pipeline].some(isSender)
  );
}
