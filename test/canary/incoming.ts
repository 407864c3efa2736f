import { randomBytes } from "node:crypto";
import { get } from "node:http";
import type { App } from "./app.ts";
import type { Canary } from "./mint.ts";

/** Sends the application requests that carry canaries, as its customers would, and makes its handlers throw. */
export async function sendIncoming(app: App, canaries: readonly Canary[]): Promise<void> {
  const on = (surface: string): Canary[] => canaries.filter((each) => each.surface === surface);
  const send = (path: string, headers: Record<string, string> = {}): Promise<void> =>
    request(app.fastifyUrl + path, headers);

  for (const { compact } of on("in_path")) {
    await send(`/${compact.split("/").map(encodeURIComponent).join("/")}`);
  }
  for (const { marker, key, secret } of on("in_query")) {
    await send(`/pay?note=${marker}&${key}=${encodeURIComponent(secret)}`);
  }
  for (const { text } of on("in_query_text")) await send(`/pay?note=${encodeURIComponent(text)}`);
  for (const { text } of on("in_user_agent")) await send("/pay", { "user-agent": text });
  for (const { compact } of on("in_forwarded_for")) {
    // Two words, the secret first: what can be read as a host is cut down to it.
    const forwarded = compact.split("/").toReversed().join(" ");
    await send("/pay", { "x-forwarded-for": forwarded });
  }
  for (const { compact } of on("in_forwarded_host")) {
    await send("/pay", { "x-forwarded-host": compact });
  }
  for (const { kind, secret, marker } of on("trace_state")) {
    await send("/relay", {
      traceparent: `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`,
      tracestate: `${kind}=${secret},note=${marker}`,
    });
  }
  for (const { kind, secret, marker, text } of on("baggage_relayed")) {
    await send("/relay", {
      baggage: `${kind}=${encodeURIComponent(secret)},said=${encodeURIComponent(text)},note=${marker}`,
    });
  }
  for (const index of on("thrown_fastify").keys()) await send(`/throws/${index}`);
  for (const index of on("thrown_express").keys()) {
    await request(`${app.expressUrl}/throws/${index}`, {});
  }
}

/** Tells the application to end by an uncaught error, and gives its exit code. */
export async function endApp(app: App): Promise<number | null> {
  await request(`${app.fastifyUrl}/end`, {});
  return (await app.exited).code;
}

// Not fetch: it refuses some headers. The answer is of no interest; that there is one is.
function request(url: string, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { headers, agent: false }, (response) => {
      response.resume().once("end", resolve).once("error", reject);
    }).once("error", reject);
  });
}
