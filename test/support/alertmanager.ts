import { join } from "node:path";
import { backendPath, ROOT } from "../../scripts/backends.mjs";
import { temporaryFolder } from "./folder.ts";
import { freePort, type Service, spawnService } from "./process.ts";
import { answersOk } from "./wait.ts";

export interface Alertmanager extends Service {
  url: string;
}

/** Starts Alertmanager alone (no cluster) with collector/alertmanager.yaml. */
export async function startAlertmanager({
  config = join(ROOT, "collector/alertmanager.yaml"),
}: { config?: string } = {}): Promise<Alertmanager> {
  await using cleanUp = new AsyncDisposableStack();
  const folder = cleanUp.use(await temporaryFolder("alertmanager")).path;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = cleanUp.use(
    await spawnService({
      name: "Alertmanager",
      command: backendPath("alertmanager"),
      args: [
        `--config.file=${config}`,
        `--storage.path=${folder}`,
        `--web.listen-address=127.0.0.1:${port}`,
        "--cluster.listen-address=",
      ],
      ready: () => answersOk(`${url}/-/ready`),
    }),
  );
  const owned = cleanUp.move();
  return Object.assign(service, { url, [Symbol.asyncDispose]: () => owned.disposeAsync() });
}
