import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate and its key, as files in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

interface Made extends Certificate {
  name: string;
  privateKey: KeyObject;
}

/** An authority, a server for 127.0.0.1 that it vouches for, a client, and one that nobody vouches for. */
export function makeCertificates(
  folder: string,
): Record<"ca" | "server" | "client" | "stranger", Certificate> {
  const ca = make(folder, "ca");
  return {
    ca,
    server: make(folder, "server", ca),
    client: make(folder, "client", ca),
    stranger: make(folder, "stranger"),
  };
}

// X.509 in DER by hand: Node makes keys and signatures, and no certificates.
function make(folder: string, name: string, issuer?: Made): Made {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const ecdsaSha256 = sequence(oid("2a8648ce3d040302"));
  const isAuthority = issuer === undefined;
  const extensions = [
    sequence(
      oid("551d13"),
      tag(0x01, Buffer.from([0xff])),
      octets(sequence(...(isAuthority ? [tag(0x01, Buffer.from([0xff]))] : []))),
    ),
    sequence(oid("551d11"), octets(sequence(tag(0x87, Buffer.from([127, 0, 0, 1]))))),
  ];
  const body = sequence(
    tag(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    ecdsaSha256,
    nameOf(issuer?.name ?? name),
    sequence(time("20200101000000Z"), time("21200101000000Z")),
    nameOf(name),
    publicKey.export({ type: "spki", format: "der" }),
    tag(0xa3, sequence(...extensions)),
  );
  const signature = sign("sha256", body, issuer?.privateKey ?? privateKey);
  const der = sequence(body, ecdsaSha256, tag(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
  const lines = der.toString("base64").replaceAll(/.{64}(?=.)/g, "$&\n");
  writeFileSync(files.cert, `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`);
  writeFileSync(files.key, privateKey.export({ type: "pkcs8", format: "pem" }));
  return { ...files, name, privateKey };
}

function tag(type: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 128
      ? Buffer.from([length])
      : Buffer.from(length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]);
  return Buffer.concat([Buffer.from([type]), size, content]);
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return tag(0x06, Buffer.from(hex, "hex"));
}

function octets(content: Buffer): Buffer {
  return tag(0x04, content);
}

function integer(bytes: Buffer): Buffer {
  return tag(0x02, bytes);
}

function time(text: string): Buffer {
  return tag(0x18, Buffer.from(text));
}

function nameOf(text: string): Buffer {
  return sequence(tag(0x31, sequence(oid("550403"), tag(0x0c, Buffer.from(text)))));
}
