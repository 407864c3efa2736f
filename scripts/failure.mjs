// Words one sentence for a step that failed, from what its program printed.

/** What a program's output shows, and what the user can do about it; the first that fits is said. */
const CAUSES = [
  [
    /ENOSPC|no space left on device/i,
    "the disk is full: free some space (Go alone keeps up to 12 GB of modules and build cache), or move it with GOCACHE, GOMODCACHE and ASSAY_CACHE_DIR",
  ],
  [
    /EACCES|EPERM|permission denied/i,
    "a folder is not writable: give this user the right to write to it",
  ],
  [
    /checksum mismatch|EINTEGRITY|DO NOT MATCH THE HASHES/,
    "a download does not match its committed checksum: find out why before you go on",
  ],
  [
    /missing go\.sum entry|updates to go\.mod needed/,
    "go.mod and go.sum do not fit together: regenerate them as builder.yaml says",
  ],
  [
    /npm (?:error|ERR!) code EUSAGE/,
    "package.json and package-lock.json do not fit together: run `npm install` and commit the lock file",
  ],
  [
    /SELF_SIGNED_CERT|UNABLE_TO_(?:GET|VERIFY)|x509: |CERTIFICATE_VERIFY_FAILED/,
    "the certificate of a download is not trusted here: name that of your proxy in NODE_EXTRA_CA_CERTS, SSL_CERT_FILE and PIP_CERT",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|no such host|dial tcp|i\/o timeout|TLS handshake|proxyconnect|NewConnectionError|Max retries exceeded|Could not find a version/i,
    "a download failed: check the network, or the registry and proxy settings of npm, Go (GOPROXY) and pip",
  ],
  [
    /signal: killed|out of memory|cannot allocate memory/i,
    "the machine ran out of memory: give it more, or close what else runs",
  ],
];

/** "Jaeger did not build because …", from the last of the program's output and how it ended. */
export function failure(what, tail, how) {
  const cause = CAUSES.find(([pattern]) => pattern.test(tail));
  if (cause !== undefined) {
    return `${what} because ${cause[1]}`;
  }
  const lines = tail.trim().split("\n");
  const said = (lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1)).trim().slice(0, 200);
  return `${what}: ${how}${said === "" ? "" : `, saying "${said}"`}`;
}
