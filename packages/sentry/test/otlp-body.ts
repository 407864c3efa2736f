// Bodies of OTLP/JSON requests as the Collector sends them to the bridge.

export type Attributes = Record<string, string>;

export const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

export function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, stringValue]) => ({ key, value: { stringValue } }));
}

export interface FailedSpan {
  spanId: string;
  parentSpanId?: string;
  traceId?: string;
  kind?: number;
  exception?: Attributes;
  attributes?: Attributes;
  message?: string;
}

/** A body with the spans of several services. */
export function tracesOf(services: Record<string, FailedSpan[]>): string {
  const bodies = Object.entries(services).map(
    ([service, spans]) =>
      JSON.parse(traces(...spans).replace('"pay"', JSON.stringify(service))) as {
        resourceSpans: object[];
      },
  );
  return JSON.stringify({ resourceSpans: bodies.flatMap(({ resourceSpans }) => resourceSpans) });
}

export function traces(...spans: FailedSpan[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: {
          attributes: attributesOf({ "service.name": "pay", "service.version": "1.2.3" }),
        },
        scopeSpans: [
          {
            spans: spans.map(({ exception, attributes = {}, message, ...span }) => ({
              traceId: TRACE,
              kind: 2,
              name: "POST /payments",
              endTimeUnixNano: "1763720130123456789",
              ...span,
              attributes: attributesOf(attributes),
              status: { code: 2, ...(message === undefined ? {} : { message }) },
              events: exception && [
                {
                  name: "exception",
                  timeUnixNano: "1763720130123456789",
                  attributes: attributesOf(exception),
                },
              ],
            })),
          },
        ],
      },
    ],
  });
}

export function send(
  url: string,
  path: string,
  body: string | Uint8Array,
  headers = {},
  method = "POST",
): Promise<Response> {
  const init: RequestInit = { body, headers: { "content-type": "application/json", ...headers } };
  return fetch(`${url}${path}`, { ...init, method });
}

export const EXCEPTION = {
  "exception.type": "TypeError",
  "exception.message": "payout failed",
  "exception.stacktrace": "TypeError: payout failed\n    at pay (/srv/app/pay.js:10:5)",
};
