import { copyFileSync, readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { expect, test } from "vitest";
import { makeCertificates } from "../support/certificate.ts";
import { temporaryFolder } from "../support/folder.ts";
import { ask, METRICS, refusal, serve, unserved } from "./scrape.ts";

test("with a certificate it is TLS, with an authority only for clients of it, and a new certificate is used", async () => {
  await using folder = await temporaryFolder("tls");
  const { ca, server, client, stranger } = makeCertificates(folder.path);
  await using endpoint = await serve({
    OTEL_EXPORTER_PROMETHEUS_HOST: "0.0.0.0",
    ASSAY_PROMETHEUS_CERTIFICATE_FILE: server.cert,
    ASSAY_PROMETHEUS_KEY_FILE: server.key,
    ASSAY_PROMETHEUS_CLIENT_CA_FILE: ca.cert,
  });
  const url = endpoint.url.replace("0.0.0.0", "127.0.0.1");
  const read = (path: string): Buffer => readFileSync(path);
  const trusting = { ca: read(ca.cert) };
  const as = ({ cert, key }: typeof client): RequestOptions => ({
    ...trusting,
    cert: read(cert),
    key: read(key),
  });
  expect({
    client: await ask(url, as(client)),
    nobody: await ask(url, trusting),
    stranger: await ask(url, as(stranger)),
    plain: await ask(url.replace("https", "http"), as(client)),
  }).toEqual({
    client: METRICS,
    nobody: { refused: expect.any(String) },
    stranger: { refused: expect.any(String) },
    plain: { refused: expect.any(String) },
  });
  copyFileSync(stranger.cert, server.cert);
  copyFileSync(stranger.key, server.key);
  await ask(url, as(client)); // sees that the files are others
  expect([
    await ask(url, as(client)),
    await ask(url, { ...as(client), ca: read(stranger.cert) }),
  ]).toEqual([{ refused: "DEPTH_ZERO_SELF_SIGNED_CERT" }, METRICS]);
});

test("without its key it is one sentence, and no /metrics", async () => {
  expect(await unserved({ ASSAY_PROMETHEUS_CERTIFICATE_FILE: "server.pem" })).toEqual(
    refusal(
      "ASSAY_PROMETHEUS_CERTIFICATE_FILE, ASSAY_PROMETHEUS_KEY_FILE and, with ASSAY_PROMETHEUS_CLIENT_CA_FILE, both of them have to be set; set what is missing.",
    ),
  );
});
