import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { badRequest, type DarajaAnswer, ok, refuse } from "./daraja-answer.ts";
import { darajaCredentials, stkPassword, type DarajaCredentials } from "./daraja-credentials.ts";
import { stkPushes } from "./daraja-pushes.ts";
import { scenarioOf } from "./scenarios.ts";

/** One request as it reached Daraja: what a peer outside our trust boundary gets to see. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

/** A request that told Daraja of our traces, by the names of the headers that did. */
export interface Leak {
  method: string;
  path: string;
  headers: string[];
}

export interface Daraja extends AsyncDisposable {
  url: string;
  /** The last thousand requests, oldest first; also at `GET /_received`. */
  received: ReceivedRequest[];
  /** Every request of them all that carried trace context or baggage; also at `GET /_leaks`. None should. */
  leaks: Leak[];
}

export interface DarajaOptions {
  port?: number;
  credentials?: DarajaCredentials;
  /** How long the customer takes to answer. */
  answerMs?: number;
  /** How long the customer of "delayed success" takes. */
  lateAnswerMs?: number;
}

const TOKEN_SECONDS = 3599;
const RECEIVED_LIMIT = 1000;
const TELLS = /^(?:traceparent|tracestate|baggage|sentry-trace|b3|x-b3-.+)$/;
const UNKNOWN_TOKEN = {
  status: 401,
  errorCode: "404.001.03",
  errorMessage: "Invalid Access Token",
};

/**
 * Starts a fake of Safaricom's Daraja on loopback: OAuth, STK push, STK query and callbacks.
 *
 * It checks what the real one checks (Basic and Bearer credentials, the password, whole shillings)
 * and it carries no telemetry: it stands for a company that is not ours.
 */
export async function startDaraja({
  port = 0,
  credentials = darajaCredentials(),
  answerMs = 200,
  lateAnswerMs = 1500,
}: DarajaOptions = {}): Promise<Daraja> {
  const received: ReceivedRequest[] = [];
  const leaks: Leak[] = [];
  const tokens = new Map<string, number>();
  const phonesOfLostTokens = new Set<string>();
  const closing = new AbortController();
  const pushes = stkPushes({ answerMs, lateAnswerMs, signal: closing.signal });

  const server = createServer((request, response) => {
    const isGone = new Promise((resolve) => response.once("close", resolve));
    void handle(request, isGone)
      .catch((error: unknown) =>
        refuse({ status: 500, errorCode: "500.001.1001", errorMessage: String(error) }),
      )
      .then(({ status, body, headers }) => {
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(JSON.stringify(body));
      });
  });

  async function handle(request: IncomingMessage, isGone: Promise<unknown>): Promise<DarajaAnswer> {
    const { method = "", url = "/", headers } = request;
    const { pathname } = new URL(url, "http://daraja");
    if (pathname === "/_received") return ok(received);
    if (pathname === "/_leaks") return ok(leaks);
    note({ method, path: url, headers });

    const route = `${method} ${pathname}`;
    if (route === "GET /oauth/v1/generate") return grantToken(headers.authorization);
    if (!isTokenValid(headers.authorization)) return refuse(UNKNOWN_TOKEN);
    const body = parseObject(await text(request));
    if (body === undefined) return badRequest("Invalid JSON");
    if (!isSigned(body)) {
      const errorMessage = "Wrong credentials";
      return refuse({ status: 400, errorCode: "500.001.1001", errorMessage });
    }
    if (route === "POST /mpesa/stkpush/v1/processrequest") {
      return isTokenLost(String(body.PhoneNumber))
        ? refuse(UNKNOWN_TOKEN)
        : await pushes.take(body, isGone);
    }
    if (route === "POST /mpesa/stkpushquery/v1/query") return pushes.query(body);
    return refuse({ status: 404, errorCode: "404.001.01", errorMessage: "Resource not found" });
  }

  function note(request: ReceivedRequest): void {
    received.push(request);
    if (received.length > RECEIVED_LIMIT) received.shift();
    const told = Object.keys(request.headers).filter((name) => TELLS.test(name));
    if (told.length === 0) return;
    const { method, path } = request;
    leaks.push({ method, path, headers: told });
    console.error(`daraja: ${method} ${path} came with ${told.join(", ")}`);
  }

  // All tokens are forgotten once for each phone, so that the second attempt is a success.
  function isTokenLost(phone: string): boolean {
    if (scenarioOf(phone).isTokenLost !== true || phonesOfLostTokens.has(phone)) return false;
    phonesOfLostTokens.add(phone);
    tokens.clear();
    return true;
  }

  function grantToken(authorization: string | undefined): DarajaAnswer {
    const pair = `${credentials.consumerKey}:${credentials.consumerSecret}`;
    if (authorization !== `Basic ${Buffer.from(pair).toString("base64")}`) {
      const errorMessage = "Invalid Authentication passed";
      return refuse({ status: 400, errorCode: "400.008.01", errorMessage });
    }
    const token = randomBytes(21).toString("base64url");
    tokens.set(token, Date.now() + TOKEN_SECONDS * 1000);
    return ok({ access_token: token, expires_in: String(TOKEN_SECONDS) });
  }

  function isTokenValid(authorization = ""): boolean {
    return (tokens.get(authorization.replace(/^Bearer /, "")) ?? 0) > Date.now();
  }

  function isSigned(body: Record<string, unknown>): boolean {
    return (
      body.BusinessShortCode === credentials.shortcode &&
      body.Password === stkPassword(credentials, String(body.Timestamp))
    );
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    leaks,
    async [Symbol.asyncDispose]() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === "object" && parsed !== null
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    // The caller answers 400, which reports it.
    return undefined;
  }
}
