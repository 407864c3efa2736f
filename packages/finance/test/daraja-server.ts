import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request as it came. */
export interface Received {
  route: string;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** What is answered; `hang` answers nothing, `reset` ends the connection. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string }
  | "hang"
  | "reset";

export interface DarajaServer extends AsyncDisposable {
  url: string;
  received: Received[];
  /** Tokens that were given, newest last. */
  tokens: string[];
  /** Requests for `path`, other than for a token. */
  calls(): Received[];
}

export const CONSUMER = { consumerKey: "canary-consumer-key", consumerSecret: "canary-secret" };
export const SHORTCODE = "174379";

/**
 * Starts a Daraja that takes every request whose credentials are right, on loopback.
 *
 * `answer` is asked first for each request, and answers in its place unless it gives undefined.
 */
export async function startDaraja(
  answer: (received: Received, at: number) => Answer | undefined | Promise<Answer | undefined>,
): Promise<DarajaServer> {
  const received: Received[] = [];
  const tokens: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const { pathname } = new URL(request.url ?? "/", "http://daraja");
    const route = `${request.method} ${pathname}`;
    const one = { route, headers: request.headers, body: body === "" ? {} : JSON.parse(body) };
    received.push(one);
    const at = received.filter((each) => each.route === route).length;
    const given = (await answer(one, at)) ?? usual(one, tokens);
    if (given === "hang") return;
    if (given === "reset") {
      request.socket.destroy();
      return;
    }
    const { status = 200, headers = {}, json, text: plain = JSON.stringify(json) } = given;
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(plain);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    tokens,
    calls: () => received.filter(({ route }) => route !== TOKEN),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Route of the token. */
export const TOKEN = "GET /oauth/v1/generate";

function usual({ route, headers }: Received, tokens: string[]): Answer {
  if (route === TOKEN) {
    const pair = `${CONSUMER.consumerKey}:${CONSUMER.consumerSecret}`;
    if (headers.authorization !== `Basic ${Buffer.from(pair).toString("base64")}`) {
      return { status: 400, json: { errorCode: "400.008.01", errorMessage: "Invalid" } };
    }
    const token = `canary-token-${tokens.length + 1}`;
    tokens.push(token);
    return { json: { access_token: token, expires_in: "3599" } };
  }
  if (!tokens.includes((headers.authorization ?? "").replace("Bearer ", ""))) {
    return {
      status: 401,
      json: { errorCode: "404.001.03", errorMessage: `Invalid ${headers.authorization}` },
    };
  }
  if (route === "POST /mpesa/stkpush/v1/processrequest") {
    return {
      json: {
        MerchantRequestID: "29115-34620561-1",
        CheckoutRequestID: "ws_CO_191220191020363925",
        ResponseCode: "0",
        ResponseDescription: "Success. Request accepted for processing",
        CustomerMessage: "Success. Request accepted for processing",
      },
    };
  }
  return {
    json: {
      ConversationID: "AG_20191219_00005797af5d7d75f652",
      OriginatorConversationID: "16740-34861180-1",
      ResponseCode: "0",
      ResponseDescription: "Accept the service request successfully.",
    },
  };
}
