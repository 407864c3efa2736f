import { migrate } from "../../examples/mpesa-mcp/src/migrate.ts";
import { startDaraja, type Daraja } from "../../examples/mpesa-mcp/src/daraja.ts";
import { TENANTS } from "../../examples/mpesa-mcp/src/tenants.ts";
import type { Postgres } from "../support/postgres.ts";
import { spawnService, type Service } from "../support/process.ts";

export const FILE = new URL("../../examples/mpesa-mcp/src/service.ts", import.meta.url).pathname;

/** The example's service without the preload, with a Daraja in this process. */
export interface ServiceRig extends AsyncDisposable {
  url: string;
  /** What the service connects with. */
  databaseUrl: string;
  daraja: Daraja;
  service: Service;
  post(body: object, key: string, options?: { path?: string; apiKey?: string }): Promise<Answer>;
  get(path: string, apiKey?: string): Promise<Answer>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

const KEY = TENANTS[0]!.apiKey;

export async function startServiceRig(
  postgres: Postgres,
  env: Record<string, string> = {},
): Promise<ServiceRig> {
  await using cleanUp = new AsyncDisposableStack();
  const databaseUrl = await migrate(postgres.url);
  const daraja = cleanUp.use(await startDaraja());
  const service = cleanUp.use(
    await spawnService({
      name: "The service",
      command: process.execPath,
      args: [FILE],
      env: {
        DATABASE_URL: databaseUrl,
        DARAJA_URL: daraja.url,
        DARAJA_TIMEOUT_MS: "2000",
        PORT: "0",
        ...env,
      },
      ready: /listening on \S+/,
    }),
  );
  const url = /listening on (\S+)/.exec(service.output())![1]!;
  const owned = cleanUp.move();
  return {
    url,
    databaseUrl,
    daraja,
    service,
    async post(body, key, { path = "/payments", apiKey = KEY } = {}) {
      const headers = {
        authorization: `Bearer ${apiKey}`,
        "content-type": "application/json",
        "idempotency-key": key,
      };
      const init = { method: "POST", headers, body: JSON.stringify(body) };
      return await answerOf(await fetch(url + path, init));
    },
    async get(path, apiKey = KEY) {
      return await answerOf(
        await fetch(url + path, { headers: { authorization: `Bearer ${apiKey}` } }),
      );
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function answerOf(response: Response): Promise<Answer> {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
