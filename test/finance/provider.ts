import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { codeOf, scriptOf } from "./script.ts";

/** A provider that does with each payment what the day's script says. */
export interface Provider extends AsyncDisposable {
  url: string;
  /** Headers of all that came, with the path. */
  received: { path: string; headers: IncomingHttpHeaders }[];
  /** True when no callback is on its way. */
  isIdle(): boolean;
}

const AGAIN_MS = 30;
// What was asked is answered, or was on its way for good, before the callback comes.
const LATER_MS = 20;
const LATE_MS = 2_500;

/**
 * Starts the provider. A callback that is not taken with 200 comes again, as long as it takes: over a restart of the
 * service too, which tells its new address when it starts.
 */
export async function startProvider(): Promise<Provider> {
  const received: Provider["received"] = [];
  const ended = new AbortController();
  let callbackUrl = "";
  let underWay = 0;

  // Without an id the service has to find the payment by the provider's name for it.
  const call = async (paymentId: string, { byId = false, code = codeOf(paymentId) } = {}) => {
    const body = JSON.stringify({
      code,
      ...(byId ? {} : { checkoutRequestId: `ws_${paymentId}` }),
      ...(scriptOf(paymentId) === "confused" && { wanted: "processing" }),
    });
    const request = { method: "POST", body, signal: ended.signal };
    underWay += 1;
    const answer = await fetch(`${callbackUrl}/${paymentId}`, request).catch(() => undefined);
    await answer?.body?.cancel();
    underWay -= 1;
    return answer?.status === 200;
  };
  const deliver = async (paymentId: string, options: { byId?: boolean; afterMs?: number } = {}) => {
    underWay += 1;
    await pause(options.afterMs ?? LATER_MS);
    while (!ended.signal.aborted && !(await call(paymentId, options))) await pause(AGAIN_MS);
    underWay -= 1;
  };

  const collect = async (paymentId: string): Promise<[status: number, answer: object] | "cut"> => {
    const accepted: [number, object] = [200, { checkoutRequestId: `ws_${paymentId}` }];
    switch (scriptOf(paymentId)) {
      case "refused":
        return [500, { code: codeOf(paymentId) }];
      case "never arrived":
        return "cut";
      case "late":
        void deliver(paymentId, { byId: true, afterMs: LATE_MS });
        return new Promise(() => {});
      case "silent":
        return new Promise(() => {});
      case "lost":
      case "lost and cancelled":
        return accepted;
      case "early":
        await call(paymentId, { byId: true });
        return accepted;
      case "early and unmatched":
        await call(paymentId);
        void deliver(paymentId);
        return accepted;
      case "twice":
        void deliver(paymentId)
          .then(() => deliver(paymentId))
          .then(() => deliver(paymentId));
        return accepted;
      case "at once":
        void deliver(paymentId);
        void deliver(paymentId);
        return accepted;
      default:
        void deliver(paymentId);
        return accepted;
    }
  };

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url!, "http://provider");
    received.push({ path: pathname, headers: request.headers });
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
    const sent = await bodyOf(request);
    if (pathname === "/callback-url") {
      callbackUrl = sent["url"]!;
      answer(200, {});
    } else if (pathname === "/status") {
      const code = codeOf(searchParams.get("reference")!);
      answer(code === undefined ? 404 : 200, { code });
    } else if (pathname === "/refunds") {
      answer(200, {});
    } else {
      const did = await collect(sent["reference"]!);
      if (did === "cut") request.socket.destroy();
      else answer(...did);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    isIdle: () => underWay === 0,
    async [Symbol.asyncDispose]() {
      ended.abort();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  const text = Buffer.concat(await request.toArray()).toString();
  return text === "" ? {} : (JSON.parse(text) as Record<string, string>);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
