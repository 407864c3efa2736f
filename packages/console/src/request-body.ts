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

const TOO_LARGE = "The body is larger than 20 MiB; send smaller batches.";
const unzip = promisify(gunzip);

/**
 * Reads and unpacks a body. Throws RequestError: 413 when it is larger than 20 MiB, 415 for an
 * encoding other than gzip, 400 when it is not the gzip that it says.
 */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = (request.headers["content-encoding"] ?? "identity").trim().toLowerCase();
  const bytes = await collect(request);
  if (encoding === "identity" || encoding === "") return bytes;
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    throw new RequestError(415, "The content encoding must be gzip, or none.");
  }
  try {
    return await unzip(bytes, { maxOutputLength: MAX_BODY_BYTES });
  } catch (error) {
    const isTooLarge = (error as NodeJS.ErrnoException).code === "ERR_BUFFER_TOO_LARGE";
    throw isTooLarge
      ? new RequestError(413, TOO_LARGE)
      : new RequestError(400, "The body is not valid gzip.");
  }
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
    // The rest is read and forgotten, so that the sender gets to read the answer; but not for ever.
    else chunks.length = 0;
    if (size > 8 * MAX_BODY_BYTES) break;
  }
  if (size > MAX_BODY_BYTES) throw new RequestError(413, TOO_LARGE);
  return Buffer.concat(chunks);
}
