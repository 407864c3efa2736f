/** Ports on which this process serves its own telemetry; requests to them are not traced. */
export const ownPorts: Set<number> = new Set();

/** Paths at which this process answers for its health; requests to them are not traced. */
export const ownPaths: Set<string> = new Set();

/** Whether a request is for telemetry or health, and no work of the service. */
export function isOwnRequest(request: {
  url?: string | undefined;
  socket: { localPort?: number | undefined };
}): boolean {
  if (ownPorts.size > 0 && ownPorts.has(request.socket.localPort ?? -1)) return true;
  return ownPaths.size > 0 && ownPaths.has((request.url ?? "").split("?", 1)[0] ?? "");
}
