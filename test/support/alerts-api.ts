import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { ALERT_BODY, answeredAlert, answeredMonitor, MONITOR_BODY } from "./alerts-api-bodies.ts";

/** A server that keeps monitors and alerts as Sentry's API does; refuses what the API does not take. */
export interface AlertsApi extends AsyncDisposable {
  url: string;
  /** What came, such as "POST /api/0/organizations/acme/workflows/", refused or not. */
  requests: string[];
  /** What it has, as it answers it. */
  monitors: Kept[];
  alerts: Kept[];
  /** The next request, or the next whose line begins with `to`, is answered with this alone. */
  answerNext(answer: ForcedAnswer): void;
}

export interface ForcedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  to?: string;
}

export interface AlertsApiOptions {
  organization: string;
  project: string;
  token: string;
  /** What one page of a list has; default 2, so that every list has many. */
  pageSize?: number;
}

type Kept = Record<string, unknown> & { id: string; name: string };

const DETECTORS = "detectors";
const WORKFLOWS = "workflows";

export async function alertsApi(options: AlertsApiOptions): Promise<AlertsApi> {
  const { organization, project, token, pageSize = 2 } = options;
  const requests: string[] = [];
  const kept: Record<string, Kept[]> = { [DETECTORS]: [], [WORKFLOWS]: [] };
  const forced: ForcedAnswer[] = [];
  const organizationPath = `/api/0/organizations/${organization}/`;
  let nextId = 100;

  const keep = (of: string, id: string, body: Record<string, unknown>): Kept => {
    const answer = of === DETECTORS ? answeredMonitor(id, body) : answeredAlert(id, body);
    kept[of] = [...kept[of]!.filter((one) => one.id !== id), answer];
    return answer;
  };

  const take = (of: string, text: string): Record<string, unknown> | undefined => {
    const body = of === DETECTORS ? MONITOR_BODY : ALERT_BODY;
    const parsed = body.safeParse(JSON.parse(text));
    if (!parsed.success) throw new Refused(400, parsed.error.issues);
    const ids = (parsed.data as { detectorIds?: string[] }).detectorIds ?? [];
    const unknown = ids.filter((id) => !kept[DETECTORS]!.some((one) => one.id === id));
    if (unknown.length > 0) throw new Refused(400, { detectorIds: unknown });
    return parsed.data;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const { method } = request;
    const line = `${method} ${url.pathname}`;
    requests.push(line);
    const text = await textOf(request);
    const now = forced.findIndex(({ to = "" }) => line.startsWith(to));
    if (now !== -1) {
      const { status, headers = {}, body = "" } = forced.splice(now, 1)[0]!;
      response.writeHead(status, headers).end(body);
      return;
    }
    if (request.headers.authorization !== `Bearer ${token}`) {
      throw new Refused(401, { detail: "Invalid token" });
    }
    if (!url.pathname.startsWith(organizationPath)) throw new Refused(404, { detail: "Not found" });
    const rest = url.pathname.slice(organizationPath.length);
    if (rest === `projects/${project}/${DETECTORS}/` && method === "POST") {
      return json(response, 201, keep(DETECTORS, String(nextId++), take(DETECTORS, text)!));
    }
    const [, of, id] = /^(detectors|workflows)\/(?:(\d+)\/)?$/.exec(rest) ?? [];
    if (of === undefined) throw new Refused(404, { detail: "Not found" });
    if (id === undefined) {
      if (method === "GET") return page(response, kept[of]!, url, pageSize);
      if (method === "POST" && of === WORKFLOWS) {
        return json(response, 201, keep(of, String(nextId++), take(of, text)!));
      }
      throw new Refused(405, { detail: "Method not allowed" });
    }
    if (!kept[of]!.some((one) => one.id === id)) throw new Refused(404, { detail: "Not found" });
    if (method === "PUT") return json(response, 200, keep(of, id, take(of, text)!));
    if (method !== "DELETE") throw new Refused(405, { detail: "Method not allowed" });
    kept[of] = kept[of]!.filter((one) => one.id !== id);
    response.writeHead(204).end();
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const refused = error instanceof Refused ? error : new Refused(500, String(error));
      json(response, refused.status, refused.said);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get monitors() {
      return kept[DETECTORS]!;
    },
    get alerts() {
      return kept[WORKFLOWS]!;
    },
    answerNext(one) {
      forced.push(one);
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

class Refused extends Error {
  readonly status: number;
  readonly said: unknown;

  constructor(status: number, said: unknown) {
    super(JSON.stringify(said));
    this.status = status;
    this.said = said;
  }
}

// As Sentry pages: both links always stand there, and `results` tells whether one leads anywhere.
function page(response: ServerResponse, items: readonly Kept[], url: URL, size: number): void {
  const at = Number(url.searchParams.get("cursor")?.split(":")[1] ?? 0);
  const link = (rel: string, to: number, isThere: boolean): string =>
    `<https://elsewhere.example${url.pathname}?cursor=0:${to}:0>; rel="${rel}"; results="${isThere}"; cursor="0:${to}:0"`;
  response.setHeader(
    "link",
    [
      link("previous", Math.max(at - size, 0), at > 0),
      link("next", at + size, at + size < items.length),
    ].join(", "),
  );
  json(response, 200, items.slice(at, at + size));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
