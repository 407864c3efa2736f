import { readFileSync } from "node:fs";
import { hostOf } from "./host.ts";
import { boolean, integer, pem, type Variable } from "./variable.ts";

/** How `/metrics` is served. */
export interface PrometheusConfig {
  prometheusHost: string;
  prometheusPort: number;
  prometheusToken: string;
  prometheusCertificate: string;
  prometheusKey: string;
  prometheusClientCa: string;
  prometheusOpen: boolean;
}

const SHORTEST_TOKEN = 16;
const NOT_SERVED = "/metrics is not served until then.";

// They take longer to load than all of Assay, and are needed only where a file is named.
const crypto = (): typeof import("node:crypto") => require("node:crypto");
const tls = (): typeof import("node:tls") => require("node:tls");

function file(
  name: string,
  about: string,
  parse: Variable<string>["parse"],
  expected = "the path of a file in PEM that this process can read",
): Variable<string> {
  return { name, parse, fallback: "", expected, otherwise: NOT_SERVED, about };
}

export const PROMETHEUS_VARIABLES: {
  [Name in keyof PrometheusConfig]: Variable<PrometheusConfig[Name]>;
} = {
  prometheusHost: {
    name: "OTEL_EXPORTER_PROMETHEUS_HOST",
    parse: (text) => (/^[\w.:-]+$/.test(text) ? text : undefined),
    fallback: "127.0.0.1",
    expected: "a host name or an address",
    about: "Where `/metrics` listens.",
  },
  prometheusPort: {
    name: "OTEL_EXPORTER_PROMETHEUS_PORT",
    parse: integer(0, 65_535),
    fallback: 9464,
    expected: "a port from 0 to 65535 (0 takes any free one)",
    about: "Port of `/metrics`.",
  },
  prometheusToken: file(
    "ASSAY_PROMETHEUS_TOKEN_FILE",
    "File with the bearer token that a scrape of `/metrics` has to carry; read at each scrape.",
    (path) => (readToken(path) === undefined ? undefined : path),
    `the path of a file with a token of ${SHORTEST_TOKEN} characters or more, without spaces`,
  ),
  prometheusCertificate: file(
    "ASSAY_PROMETHEUS_CERTIFICATE_FILE",
    "Serves `/metrics` by TLS with the certificate of this file; read again when it changes.",
    pem((cert) => tls().createSecureContext({ cert })),
  ),
  prometheusKey: file(
    "ASSAY_PROMETHEUS_KEY_FILE",
    "File of the private key of that certificate, without a passphrase.",
    pem((key) => tls().createSecureContext({ key })),
  ),
  prometheusClientCa: file(
    "ASSAY_PROMETHEUS_CLIENT_CA_FILE",
    "File of the authority that a scraper's own certificate has to be of.",
    // As an authority TLS takes any text without a word.
    pem((ca) => new (crypto().X509Certificate)(ca)),
  ),
  prometheusOpen: {
    name: "ASSAY_PROMETHEUS_OPEN",
    parse: boolean,
    fallback: false,
    expected: "true or false",
    about: "`true` serves `/metrics` on other hosts than loopback to anyone who asks.",
  },
};

/** Gives the token of a file; `undefined` when it is empty, short, or no token. */
export function readToken(path: string): string | undefined {
  try {
    const token = readFileSync(path, "utf8").trim();
    return token.length >= SHORTEST_TOKEN && /^[\u0021-\u007e]+$/.test(token) ? token : undefined;
  } catch {
    return undefined; // what to do is said by the caller
  }
}

/**
 * Says in one sentence why `/metrics` is not served with these settings; "" when it has been said, and `undefined` when
 * nothing is wrong. `wrong` has the settings whose value was wrong.
 */
export function prometheusProblem(
  config: PrometheusConfig & { metricsExporter: readonly string[] },
  wrong: ReadonlySet<string>,
): string | undefined {
  if (!config.metricsExporter.includes("prometheus")) return undefined;
  const { prometheusCertificate: cert, prometheusKey: key, prometheusClientCa: ca } = config;
  const isSecurity = ["Token", "Certificate", "Key", "ClientCa"].some((name) =>
    wrong.has(`prometheus${name}`),
  );
  if (isSecurity) return "";
  if ((cert === "") !== (key === "") || (ca !== "" && cert === "")) {
    return `ASSAY_PROMETHEUS_CERTIFICATE_FILE, ASSAY_PROMETHEUS_KEY_FILE and, with ASSAY_PROMETHEUS_CLIENT_CA_FILE, both of them have to be set; set what is missing. ${NOT_SERVED}`;
  }
  if (cert !== "" && !isPair(cert, key)) {
    return `ASSAY_PROMETHEUS_KEY_FILE is ${JSON.stringify(key)}, which is not the key of ASSAY_PROMETHEUS_CERTIFICATE_FILE; use its own. ${NOT_SERVED}`;
  }
  const { prometheusHost: host, prometheusToken: token, prometheusOpen: isOpen } = config;
  if (isLoopback(host) || token !== "" || ca !== "" || isOpen) return undefined;
  return `OTEL_EXPORTER_PROMETHEUS_HOST is ${JSON.stringify(host)}, where anyone who reaches it could read the metrics; use ASSAY_PROMETHEUS_TOKEN_FILE, ASSAY_PROMETHEUS_CLIENT_CA_FILE, or ASSAY_PROMETHEUS_OPEN=true. ${NOT_SERVED}`;
}

function isPair(cert: string, key: string): boolean {
  try {
    tls().createSecureContext({ cert: readFileSync(cert), key: readFileSync(key) });
    return true;
  } catch {
    return false; // what to do is said by the caller
  }
}

function isLoopback(host: string): boolean {
  const name = hostOf(host) ?? "";
  return name === "localhost" || name === "::1" || /^127\.[\d.]+$/.test(name);
}
