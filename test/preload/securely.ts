import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeCertificate } from "../support/certificate.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { sent } from "./sent.ts";

/** Paths of files in PEM: the server's certificate, and the client's with its key and one that is not its own. */
export interface PemFiles {
  server: string;
  client: string;
  key: string;
  otherKey: string;
}

/** Runs an application against a Collector with TLS: gives the signals that arrived, and what it said. */
export async function securely(
  env: (files: PemFiles) => Record<string, string>,
  { asksClient = false, end = "normal" } = {},
): Promise<{ got: string[]; said: string[] }> {
  const [server, client, other] = await Promise.all([
    makeCertificate(),
    makeCertificate(),
    makeCertificate(),
  ]);
  await using folder = await temporaryFolder("pem");
  await using receiver = await startOtlpReceiver({ tls: server, ...(asksClient && { client }) });
  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder.path, name);
    await writeFile(path, text);
    return path;
  };
  const files: PemFiles = {
    server: await file("server.pem", server.cert),
    client: await file("client.pem", client.cert),
    key: await file("key.pem", client.key),
    otherKey: await file("other-key.pem", other.key),
  };
  const { said, requests } = await sent({
    to: receiver,
    file: "ends.cjs",
    args: [end],
    env: env(files),
  });
  const paths = requests.map(({ path }) => path.replace("/v1/", ""));
  return { got: [...new Set(paths)].toSorted(), said };
}
