/** Ports on which this process serves its own telemetry; requests to them are not traced. */
export const ownPorts: Set<number> = new Set();
