import { darajaTimestamp, stkPassword, type DarajaCredentials } from "./daraja-credentials.ts";
import { darajaRefused, darajaSilent, darajaUnreachable, PaymentError } from "./payment-error.ts";

export interface StkPush {
  phone: string;
  shillings: bigint;
  reference: string;
  callbackUrl: string;
}

export interface StkAcknowledgement {
  merchantRequestId: string;
  checkoutRequestId: string;
}

export interface DarajaClient {
  /** Asks the customer's phone for money. The answer says that the request was accepted, no more. */
  stkPush(push: StkPush): Promise<StkAcknowledgement>;
  /** ResultCode of a push, or undefined while the customer has not answered. */
  stkQuery(checkoutRequestId: string): Promise<string | undefined>;
}

// Daraja's way of saying that the customer has not answered yet: HTTP 500 with this code.
const STILL_PROCESSING = "500.001.1001";
const UNKNOWN_TOKEN = "404.001.03";
const TOKEN_MARGIN_MS = 60_000;

/** A client of the Daraja at `baseUrl` that keeps one access token and renews it a minute early. */
export function darajaClient(
  baseUrl: string,
  credentials: DarajaCredentials,
  { timeoutMs = 10_000 }: { timeoutMs?: number } = {},
): DarajaClient {
  let token: { value: Promise<string>; renewAt: number } | undefined;

  // One request for a token at a time: everyone who needs one waits for the same promise.
  function accessToken(): Promise<string> {
    if (token !== undefined && token.renewAt > Date.now()) return token.value;
    const pair = Buffer.from(`${credentials.consumerKey}:${credentials.consumerSecret}`);
    const fetched = { value: fetchToken(pair.toString("base64")), renewAt: Infinity };
    token = fetched;
    return fetched.value;

    async function fetchToken(basic: string): Promise<string> {
      try {
        const { body } = await send("/oauth/v1/generate?grant_type=client_credentials", {
          headers: { authorization: `Basic ${basic}` },
        });
        fetched.renewAt = Date.now() + Number(body.expires_in) * 1000 - TOKEN_MARGIN_MS;
        return String(body.access_token);
      } catch (error) {
        token = undefined;
        throw error;
      }
    }
  }

  async function send(path: string, init: RequestInit): Promise<{ body: Record<string, unknown> }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(baseUrl + path, { ...init, signal: AbortSignal.timeout(timeoutMs) });
      text = await response.text();
    } catch (error) {
      throw isRefusedConnection(error) ? darajaUnreachable(error) : darajaSilent(error);
    }
    const body = parseBody(text);
    if (!response.ok || body === undefined) {
      throw darajaRefused(
        response.status,
        body === undefined ? undefined : String(body.errorCode),
        body === undefined ? "no JSON" : String(body.errorMessage),
      );
    }
    return { body };
  }

  async function post(
    path: string,
    fields: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    try {
      return await postOnce(path, fields);
    } catch (error) {
      if (codeOf(error) !== UNKNOWN_TOKEN) throw error;
      token = undefined;
      return await postOnce(path, fields);
    }
  }

  async function postOnce(
    path: string,
    fields: Record<string, unknown>,
  ): Promise<Record<string, unknown>> {
    const timestamp = darajaTimestamp();
    const { body } = await send(path, {
      method: "POST",
      headers: {
        authorization: `Bearer ${await accessToken()}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        BusinessShortCode: credentials.shortcode,
        Password: stkPassword(credentials, timestamp),
        Timestamp: timestamp,
        ...fields,
      }),
    });
    return body;
  }

  return {
    async stkPush({ phone, shillings, reference, callbackUrl }) {
      const body = await post("/mpesa/stkpush/v1/processrequest", {
        TransactionType: "CustomerPayBillOnline",
        Amount: Number(shillings),
        PartyA: phone,
        PartyB: credentials.shortcode,
        PhoneNumber: phone,
        CallBackURL: callbackUrl,
        // Daraja's limit for the reference that the customer sees.
        AccountReference: reference.slice(0, 12),
        TransactionDesc: "Collection",
      });
      if (body.ResponseCode !== "0") {
        throw darajaRefused(200, String(body.ResponseCode), String(body.ResponseDescription));
      }
      return {
        merchantRequestId: String(body.MerchantRequestID),
        checkoutRequestId: String(body.CheckoutRequestID),
      };
    },
    async stkQuery(checkoutRequestId) {
      try {
        const body = await post("/mpesa/stkpushquery/v1/query", {
          CheckoutRequestID: checkoutRequestId,
        });
        return String(body.ResultCode);
      } catch (error) {
        if (codeOf(error) === STILL_PROCESSING) return undefined;
        throw error;
      }
    },
  };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof PaymentError ? error.failure?.code : undefined;
}

function isRefusedConnection(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "code" in cause && cause.code === "ECONNREFUSED";
}

function parseBody(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    // The caller throws darajaRefused, which reports it.
    return undefined;
  }
}
