import {
  type Attributes,
  createTraceState,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";

const START: [number, number] = [1_764_000_000, 5];
const END: [number, number] = [1_764_000_001, 999_999_999];

class Money {
  minor = 1;
}

/** One value of each kind that JavaScript has, those that no attribute can have among them. */
export function everyKind(): Attributes {
  const circular: Record<string, unknown> = { kept: 1 };
  circular.self = circular;
  const bare = Object.assign(Object.create(null) as object, { a: 1 });
  const values: Record<string, unknown> = {
    text: "plain",
    empty: "",
    quotes: 'a "quoted" \\ text\nand\u0000more',
    unicode: "Malipo ya M-Pesa – ✓ 💸",
    "ключ ✓": "a key",
    surrogate: "half \ud800 pair",
    long: "x".repeat(5_000),
    unicodeLong: "é".repeat(100),
    whole: 150_000,
    negative: -42,
    large: 2 ** 53,
    least: -(2 ** 63),
    minusZero: -0,
    fraction: 0.1,
    tiny: 5e-324,
    nan: Number.NaN,
    infinite: Number.POSITIVE_INFINITY,
    yes: true,
    no: false,
    nothing: null,
    missing: undefined,
    bigint: 10n,
    symbol: Symbol("s"),
    method: () => 1,
    date: new Date(0),
    instance: new Money(),
    circular,
    bare,
    bytes: new Uint8Array([0, 1, 254, 255]),
    buffer: Buffer.from("bytes"),
    noBytes: new Uint8Array(),
    list: ["a", "b"],
    // oxlint-disable-next-line no-sparse-arrays
    mixed: [1, "a", null, undefined, [true], , { b: 2 }],
    badList: ["a", 10n],
    emptyList: [],
    nested: { a: { b: [{ c: "d" }], left: undefined, none: null }, bytes: new Uint8Array([7]) },
    badNested: { a: { b: Symbol("s") } },
    emptyObject: {},
    "": "no key",
  };
  return values;
}

/** Makes spans by every call that the API has; gives what a span that must not be recorded is. */
export function recordSpans(tracer: Tracer): Span[] {
  const open = (name: string, attributes?: Attributes, context = ROOT_CONTEXT): Span =>
    tracer.startSpan(
      name,
      { startTime: START, ...(attributes === undefined ? {} : { attributes }) },
      context,
    );
  const unrecorded: Span[] = [];

  open("given at the start", everyKind()).end(END);
  open("set together").setAttributes(everyKind()).end(END);
  const single = open("set one by one");
  for (const [key, value] of Object.entries(everyKind())) single.setAttribute(key, value);
  single.setAttribute("text", "again").setAttribute("whole", Symbol("bad"));
  single.setAttribute("text", undefined);
  single.end(END);

  const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`key.${at}`, at]));
  const full = open("more than the limit", many);
  full.setAttributes({ ...many, "key.3": "again", late: 1 }).setAttribute("later", 2);
  full.end(END);

  const events = open("events");
  for (let at = 0; at < 8; at += 1) events.addEvent(`event ${at}`, { at }, [START[0], at]);
  events.addEvent("every kind", everyKind(), new Date(1_764_000_000_250));
  events.addEvent("time second", 1_764_000_000_125.5);
  events.addEvent("two times", [START[0], 7], [START[0], 8]);
  events.addEvent("many", many, START);
  events.end(END);

  const context = {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    traceFlags: TraceFlags.SAMPLED,
    traceState: createTraceState("vendor=a,other=b"),
    isRemote: true,
  };
  const { traceState: _, ...stateless } = context;
  const links = Array.from({ length: 6 }, (__, at) => ({
    context: at % 2 === 0 ? context : stateless,
    attributes: at === 0 ? many : everyKind(),
  }));
  const linked = tracer.startSpan("links", { startTime: START, links }, ROOT_CONTEXT);
  linked.addLink({ context, attributes: { late: true } }).addLinks([{ context: stateless }]);
  linked.end(END);

  open("ok")
    .setStatus({ code: SpanStatusCode.OK })
    .setStatus({ code: SpanStatusCode.ERROR })
    .end(END);
  open("error")
    .setStatus({ code: SpanStatusCode.ERROR, message: "declined" })
    .setStatus({ code: SpanStatusCode.UNSET })
    .end(END);
  open("error, no text")
    .setStatus({ code: 2, message: 5 as unknown as string })
    .end(END);

  const exceptions = open("exceptions");
  const error = Object.assign(new TypeError("no"), { stack: "TypeError: no\n    at pay" });
  exceptions.recordException(error, START);
  exceptions.recordException("only text", START);
  exceptions.recordException({ code: 404, message: "gone" }, START);
  exceptions.recordException({ name: "Named" }, START);
  exceptions.recordException({} as Error, START);
  exceptions.recordException("", START);
  exceptions.recordException(undefined as unknown as Error, START);
  exceptions.end(END);

  const parent = tracer.startSpan(
    "parent",
    { kind: SpanKind.SERVER, startTime: START },
    ROOT_CONTEXT,
  );
  const within = trace.setSpan(ROOT_CONTEXT, parent);
  open("child", { a: 1 }, within).end(END);
  tracer.startSpan("root", { root: true, startTime: START }, within).end(END);
  open("remote", {}, trace.setSpanContext(ROOT_CONTEXT, context)).end(END);
  const off = { ...stateless, traceFlags: TraceFlags.NONE };
  unrecorded.push(open("not sampled", everyKind(), trace.setSpanContext(ROOT_CONTEXT, off)));
  const invalid = { traceId: "0".repeat(32), spanId: "0".repeat(16), traceFlags: 1 };
  open("invalid parent", {}, trace.setSpanContext(ROOT_CONTEXT, invalid)).end(END);
  parent.updateName("renamed").end(END);
  parent.updateName("late").setAttribute("late", 1).addEvent("late").setStatus({ code: 1 });
  parent.setAttributes({ late: 1 }).addLink({ context }).end(START);

  tracer.startSpan("backwards", { startTime: END }, ROOT_CONTEXT).end(START);
  tracer
    .startSpan("dates", { startTime: new Date(1_764_000_000_123) }, ROOT_CONTEXT)
    .end(1_764_000_000_124.25);
  tracer.startActiveSpan(
    "active",
    { kind: SpanKind.PRODUCER, startTime: START },
    ROOT_CONTEXT,
    (span) => span.end(END),
  );
  return unrecorded;
}
