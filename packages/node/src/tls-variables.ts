import { otlp } from "./upstream-variables.ts";
import { pem, type Variable } from "./variable.ts";

// TLS takes longer to load than all of Assay, and is needed only where a file is named.
const crypto = (): typeof import("node:crypto") => require("node:crypto");
const tls = (): typeof import("node:tls") => require("node:tls");

const FILE = {
  fallback: "",
  expected: "the path of a file in PEM that this process can read",
  otherwise: "Nothing that it is for goes out by OTLP until then.",
};

/**
 * The files of the connection to the Collector.
 *
 * A wrong one stops OTLP of its signals. Without it the process would trust any public authority instead of the one that
 * it was told to trust, or come without its own name.
 */
export const TLS_VARIABLES: readonly Variable<string>[] = [
  ...otlp(
    "CERTIFICATE",
    { fallback: "" },
    {
      ...FILE,
      // As an authority TLS takes any text without a word.
      parse: pem((file) => new (crypto().X509Certificate)(file)),
      about: "File of the authority that the Collector's certificate is checked against.",
    },
  ),
  ...otlp(
    "CLIENT_CERTIFICATE",
    { fallback: "" },
    {
      ...FILE,
      parse: pem((cert) => tls().createSecureContext({ cert })),
      about: "File of the certificate that the process shows to the Collector.",
    },
  ),
  ...otlp(
    "CLIENT_KEY",
    { fallback: "" },
    {
      ...FILE,
      parse: pem((key) => tls().createSecureContext({ key })),
      about: "File of the private key of that certificate, without a passphrase.",
    },
  ),
];
