import { writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest, type RequestOptions } from "node:https";
import { join } from "node:path";
import { makeCertificates } from "../support/certificate.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runApplication, startApplication } from "./application.ts";

export const ONLY_PROMETHEUS = {
  OTEL_TRACES_EXPORTER: "none",
  OTEL_LOGS_EXPORTER: "none",
  OTEL_METRICS_EXPORTER: "prometheus",
  OTEL_EXPORTER_PROMETHEUS_PORT: "0",
};
export const TOKEN = "scrape-me-0123456789";

export interface Endpoint extends AsyncDisposable {
  url: string;
  output(): string;
}

export async function serve(env: Record<string, string>, file = "metrics.cjs"): Promise<Endpoint> {
  const application = await startApplication({
    file,
    env: { ...ONLY_PROMETHEUS, ...env },
    ready: /metrics is served at/,
  });
  const url = /https?:\/\/\S+\/metrics/.exec(application.output())?.[0] ?? "";
  return Object.assign(application, { url });
}

/** What is answered; of an answer with metrics, `"metrics"`. */
export function ask(url: string, options: RequestOptions = {}): Promise<object> {
  return new Promise((resolve) => {
    const send = url.startsWith("https") ? httpsRequest : httpRequest;
    send(url, { agent: false, ...options }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (more: string) => (text += more));
      response.on("end", () => {
        const body = text.includes("shop_orders_total") ? "metrics" : text;
        resolve({ status: response.statusCode, body });
      });
    })
      .on("error", (error: NodeJS.ErrnoException) => resolve({ refused: error.code ?? "" }))
      .end();
  });
}

export const bearer = (token: string): RequestOptions => ({
  headers: { authorization: `Bearer ${token}` },
});
export const METRICS = { status: 200, body: "metrics" };
export const REFUSED = { status: 401, body: "" };

/**
 * Runs an application to its end whose /metrics is not served: how it ended and what it said, without the folder of the
 * files. In the folder are certificates, a token that is `short` and one that is `empty`.
 */
export async function unserved(
  given: Record<string, string>,
): Promise<{ code: number | null; lines: string[] }> {
  await using folder = await temporaryFolder("wrong");
  makeCertificates(folder.path);
  writeFileSync(join(folder.path, "short"), "0123456789abcde");
  writeFileSync(join(folder.path, "empty"), "\n");
  const env = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      name.endsWith("_FILE") ? join(folder.path, value) : value,
    ]),
  );
  const { code, output } = await runApplication({
    file: "metrics.cjs",
    args: ["200"],
    env: { ...ONLY_PROMETHEUS, ...env },
  });
  const lines = output.trim().replaceAll(`${folder.path}/`, "").split("\n");
  return { code, lines };
}

/** One sentence that begins with `told`, and the application is what it would be. */
export function refusal(sentence: string): Awaited<ReturnType<typeof unserved>> {
  return { code: 0, lines: [`ASSAY_CONFIG: ${sentence} /metrics is not served until then.`] };
}
