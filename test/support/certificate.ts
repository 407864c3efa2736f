import { generate } from "selfsigned";

/** A certificate that is its own authority, for 127.0.0.1 and localhost, and its key; both in PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Makes a certificate that is good for a year. */
export async function makeCertificate(): Promise<Certificate> {
  const { cert, private: key } = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    extensions: [
      { name: "basicConstraints", cA: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { cert, key };
}
