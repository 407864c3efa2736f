import { createServer } from "node:net";

// Below the range from which systems take the ports of outgoing connections (32768 up on Linux): a service that
// is killed and started again finds its port still free.
const FIRST = 20_000;
const COUNT = 12_000;
const given = new Set<number>();

/** A free TCP port on 127.0.0.1; this process gives each port once. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (!given.has(port)) {
      given.add(port);
      if (await isFree(port)) {
        return port;
      }
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") {
        resolve(false);
      } else {
        reject(error);
      }
    });
    server.listen({ host: "127.0.0.1", port, exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
