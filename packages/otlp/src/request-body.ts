import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

/** The largest body that is taken, before and after it is unpacked: 20 MiB. */
export const MAX_BODY_BYTES: number = 20 * 1024 * 1024;

/** A request that is answered with a status and one sentence. */
export class RequestError extends Error {
  override name = "RequestError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface BodyLimits {
  /** Asked for each part before it is kept, in bytes; `false` when the receiver has no room for it now. */
  hold?: (bytes: number) => boolean;
}

const TOO_LARGE = "The body is larger than 20 MiB; send smaller batches.";
const NO_ROOM = "Too many requests wait; send this one again later.";
const unzip = promisify(gunzip);

/**
 * Reads and unpacks a body. Throws RequestError: 413 when it is larger than 20 MiB, 503 when there is no room for it,
 * 415 for an encoding other than gzip, 400 when it is not the gzip that it says.
 */
export async function readBody(
  request: IncomingMessage,
  { hold = () => true }: BodyLimits = {},
): Promise<Buffer> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const bytes = await collect(request, hold);
  if (encoding === "identity" || encoding === "") return bytes;
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    throw new RequestError(415, "The content encoding must be gzip, or none.");
  }
  const unpacked = await unzip(bytes, { maxOutputLength: MAX_BODY_BYTES }).catch(
    (error: unknown) => {
      const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
      throw isTooLarge
        ? new RequestError(413, TOO_LARGE)
        : new RequestError(400, "The body is not valid gzip.");
    },
  );
  if (!hold(unpacked.length)) throw new RequestError(503, NO_ROOM);
  return unpacked;
}

async function collect(
  request: IncomingMessage,
  hold: (bytes: number) => boolean,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const { length } = chunk as Buffer;
    size += length;
    const problem =
      size > MAX_BODY_BYTES
        ? new RequestError(413, TOO_LARGE)
        : hold(length)
          ? undefined
          : new RequestError(503, NO_ROOM);
    if (problem !== undefined) {
      forget(request, size);
      throw problem;
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

// The rest is read and forgotten, so that the sender gets to read the answer; but not for ever.
function forget(request: IncomingMessage, sizeSoFar: number): void {
  let size = sizeSoFar;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > 8 * MAX_BODY_BYTES) request.destroy();
  });
}
