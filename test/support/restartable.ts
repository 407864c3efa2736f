import type { Service } from "./process.ts";

/** A service that can be started again as it was: same ports, same folders. */
export interface Restartable extends Service {
  /** Stops it when it still runs, then starts it. `output()` goes on over all its lives. */
  restart(): Promise<void>;
}

/** Starts a service by `start`, which `restart` calls again. */
export async function restartable(start: () => Promise<Service>): Promise<Restartable> {
  let service = await start();
  const before: Service[] = [];
  return {
    get pid() {
      return service.pid;
    },
    get exited() {
      return service.exited;
    },
    output: (stream) => [...before, service].map((each) => each.output(stream)).join(""),
    stop: (deadlineMs) => service.stop(deadlineMs),
    kill: (signal) => service.kill(signal),
    async restart() {
      await service.stop();
      before.push(service);
      service = await start();
    },
    async [Symbol.asyncDispose]() {
      await service.stop();
    },
  };
}
