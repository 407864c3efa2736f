import { type Certificate, makeCertificates } from "../support/certificate.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startOtlpReceiver } from "../support/otlp-receiver.ts";
import { sent } from "./sent.ts";

/** Runs an application against a Collector with TLS: gives the signals that arrived, and what it said. */
export async function securely(
  env: (files: ReturnType<typeof makeCertificates>) => Record<string, string>,
  { asksClient = false, end = "normal" } = {},
): Promise<{ got: string[]; said: string[] }> {
  await using folder = await temporaryFolder("pem");
  const files = makeCertificates(folder.path);
  const client: { client?: Certificate } = asksClient ? { client: files.ca } : {};
  await using receiver = await startOtlpReceiver({ tls: files.server, ...client });
  const { said, requests } = await sent({
    to: receiver,
    file: "ends.cjs",
    args: [end],
    env: env(files),
  });
  const paths = requests.map(({ path }) => path.replace("/v1/", ""));
  return { got: [...new Set(paths)].toSorted(), said };
}
