import { randomBytes, randomInt } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as after } from "node:timers/promises";
import {
  darajaCredentials,
  darajaTimestamp,
  stkPassword,
  type DarajaCredentials,
} from "./daraja-credentials.ts";
import { postCallback, receiptNumber, type Push } from "./daraja-callback.ts";
import { scenarioOf } from "./scenarios.ts";

/** One request as it reached Daraja: what a peer outside our trust boundary gets to see. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
}

export interface Daraja extends AsyncDisposable {
  url: string;
  /** The last thousand requests, oldest first; also at `GET /_received`. */
  received: ReceivedRequest[];
}

export interface DarajaOptions {
  port?: number;
  credentials?: DarajaCredentials;
  /** How long the customer takes to answer. */
  answerMs?: number;
  /** How long the customer of "delayed success" takes. */
  lateAnswerMs?: number;
}

interface Answer {
  status: number;
  body: unknown;
}

const TOKEN_SECONDS = 3599;
const RECEIVED_LIMIT = 1000;

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
  const tokens = new Map<string, number>();
  const pushes = new Map<string, Push>();
  const closing = new AbortController();

  const server = createServer((request, response) => {
    void handle(request)
      .catch((error: unknown) => refusal(500, "500.001.1001", `Internal error: ${String(error)}`))
      .then((answer) => {
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer.body));
      });
  });

  async function handle(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? "/", "http://daraja");
    if (pathname === "/_received") return ok(received);
    received.push({
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
    });
    if (received.length > RECEIVED_LIMIT) received.shift();

    const route = `${request.method} ${pathname}`;
    if (route === "GET /oauth/v1/generate") return grantToken(request.headers.authorization);
    if (!isTokenValid(request.headers.authorization)) {
      return refusal(401, "404.001.03", "Invalid Access Token");
    }
    const body = parseObject(await text(request));
    if (body === undefined) return refusal(400, "400.002.02", "Bad Request - Invalid JSON");
    if (route === "POST /mpesa/stkpush/v1/processrequest") return push(body);
    if (route === "POST /mpesa/stkpushquery/v1/query") return query(body);
    return refusal(404, "404.001.01", "Resource not found");
  }

  function grantToken(authorization: string | undefined): Answer {
    const pair = `${credentials.consumerKey}:${credentials.consumerSecret}`;
    if (authorization !== `Basic ${Buffer.from(pair).toString("base64")}`) {
      return refusal(400, "400.008.01", "Invalid Authentication passed");
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

  function push(body: Record<string, unknown>): Answer {
    if (!isSigned(body)) return refusal(400, "500.001.1001", "Wrong credentials");
    const amount = Number(body.Amount);
    if (!Number.isSafeInteger(amount) || amount < 1) {
      return refusal(400, "400.002.02", "Bad Request - Invalid Amount");
    }
    const phone = String(body.PhoneNumber);
    if (!/^254\d{9}$/.test(phone)) {
      return refusal(400, "400.002.02", "Bad Request - Invalid PhoneNumber");
    }
    const scenario = scenarioOf(phone);
    if (scenario.isRefused === true) {
      return refusal(500, "500.003.02", "System is busy. Please try again in few minutes.");
    }
    const merchantRequestId = `${randomInt(10_000, 99_999)}-${randomInt(10_000_000, 99_999_999)}-1`;
    const now = darajaTimestamp();
    const checkoutRequestId = `ws_CO_${now.slice(6, 8)}${now.slice(4, 6)}${now.slice(0, 4)}${now.slice(8)}${randomInt(1000, 9999)}`;
    const pending: Push = {
      scenario,
      merchantRequestId,
      checkoutRequestId,
      amount,
      phone,
      callbackUrl: String(body.CallBackURL),
      receipt: receiptNumber(),
      isAnswered: false,
    };
    pushes.set(checkoutRequestId, pending);
    void answerAsCustomer(pending);
    return ok({
      MerchantRequestID: merchantRequestId,
      CheckoutRequestID: checkoutRequestId,
      ResponseCode: "0",
      ResponseDescription: "Success. Request accepted for processing",
      CustomerMessage: "Success. Request accepted for processing",
    });
  }

  function query(body: Record<string, unknown>): Answer {
    if (!isSigned(body)) return refusal(400, "500.001.1001", "Wrong credentials");
    const found = pushes.get(String(body.CheckoutRequestID));
    if (found === undefined) return refusal(400, "400.002.02", "Invalid CheckoutRequestID");
    if (!found.isAnswered) {
      return refusal(500, "500.001.1001", "The transaction is being processed");
    }
    return ok({
      ResponseCode: "0",
      ResponseDescription: "The service request has been accepted successsfully",
      MerchantRequestID: found.merchantRequestId,
      CheckoutRequestID: found.checkoutRequestId,
      ResultCode: String(found.scenario.result.code),
      ResultDesc: found.scenario.result.description,
    });
  }

  async function answerAsCustomer(answered: Push): Promise<void> {
    try {
      const delay = answered.scenario.isLate === true ? lateAnswerMs : answerMs;
      await after(delay, undefined, { signal: closing.signal });
      answered.isAnswered = true;
      for (let sent = 0; sent < answered.scenario.callbacks; sent += 1) {
        await postCallback(answered, closing.signal);
      }
    } catch (error) {
      // A callback to a service that is away is lost, as with the real one; the query still tells.
      if (!closing.signal.aborted) console.error(`daraja: callback lost: ${String(error)}`);
    }
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      closing.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function refusal(status: number, errorCode: string, errorMessage: string): Answer {
  const requestId = `${randomInt(1000, 9999)}-${randomInt(1_000_000, 9_999_999)}-1`;
  return { status, body: { requestId, errorCode, errorMessage } };
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
