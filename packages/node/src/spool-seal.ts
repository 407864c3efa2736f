import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import type { PseudonymKey } from "@assay/redaction";

/** A batch as it is on disk: one request's body, and what has to be known to send or count it. */
export interface SpooledBatch {
  signal: "TRACES" | "LOGS";
  json: boolean;
  /** How many spans or log records are in it. */
  items: number;
  body: Uint8Array;
}

/**
 * Why a file is no batch: it ends too early, as when the machine lost power; its key is not in the key file; or it is
 * not what was written.
 */
export type Unreadable = "torn" | "key" | "changed";

export interface Seal {
  seal(batch: SpooledBatch): Buffer;
  /** Never gives a batch that was not sealed with one of the keys. */
  open(file: Buffer): SpooledBatch | Unreadable;
}

// magic and version 7, flags 1, items 4, length 4, salt 16, nonce 12, id of the key 16.
const MAGIC = Buffer.from("ASPOOL1");
const SALT = 16;
const NONCE = 28 + 4;
const KEY_ID = 44;
const HEADER = 60;
const TAG = 16;
const LOGS = 1;
const JSON_BODY = 2;
const CIPHER = "aes-256-gcm";

/**
 * Makes the seal of one process: AES-256-GCM, by the first of `keys`; the others open what was sealed before.
 *
 * Each process derives a key of its own (HKDF-SHA-256 with a random salt) and counts its nonces, so that no nonce comes
 * twice under a key however many files are written.
 */
export function createSeal(keys: readonly PseudonymKey[]): Seal {
  const [newest] = keys;
  if (newest === undefined) throw new Error("there is no key");
  const salt = randomBytes(SALT);
  const own = derive(newest.key, salt);
  const derived = new Map<string, Buffer>();
  let count = 0n;

  const keyOf = (id: string, usedSalt: Buffer): Buffer | undefined => {
    const name = `${id} ${usedSalt.toString("hex")}`;
    const found = keys.find((key) => key.id === id);
    if (found === undefined) return undefined;
    const known = derived.get(name) ?? derive(found.key, usedSalt);
    if (derived.size >= 64) derived.clear();
    derived.set(name, known);
    return known;
  };

  return {
    seal({ signal, json, items, body }) {
      const header = Buffer.alloc(HEADER);
      MAGIC.copy(header);
      header[7] = (signal === "LOGS" ? LOGS : 0) | (json ? JSON_BODY : 0);
      header.writeUInt32BE(items, 8);
      header.writeUInt32BE(body.length, 12);
      salt.copy(header, 16);
      header.writeBigUInt64BE(count, NONCE + 4);
      header.write(newest.id, KEY_ID, "latin1");
      count += 1n;
      const cipher = createCipheriv(CIPHER, own, header.subarray(NONCE, KEY_ID));
      cipher.setAAD(header);
      return Buffer.concat([header, cipher.update(body), cipher.final(), cipher.getAuthTag()]);
    },
    open(file) {
      if (!file.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, file.length))) return "changed";
      if (file.length < HEADER) return "torn";
      const header = file.subarray(0, HEADER);
      const end = HEADER + header.readUInt32BE(12);
      if (file.length < end + TAG) return "torn";
      if (file.length > end + TAG) return "changed";
      const id = header.toString("latin1", KEY_ID).replace(/\0+$/, "");
      const key = keyOf(id, header.subarray(16, 16 + SALT));
      if (key === undefined) return "key";
      const flags = header[7] ?? 0;
      try {
        const decipher = createDecipheriv(CIPHER, key, header.subarray(NONCE, KEY_ID));
        decipher.setAAD(header).setAuthTag(file.subarray(end));
        const body = Buffer.concat([decipher.update(file.subarray(HEADER, end)), decipher.final()]);
        return {
          signal: (flags & LOGS) === 0 ? "TRACES" : "LOGS",
          json: (flags & JSON_BODY) !== 0,
          items: header.readUInt32BE(8),
          body,
        };
      } catch {
        return "changed"; // told by the caller, by the name of the file
      }
    },
  };
}

function derive(key: Uint8Array, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync("sha256", key, salt, "assay spool", 32));
}

/** Tells what is in a batch by the first bytes of its file. Not checked: for counting what is dropped. */
export function describe(header: Buffer): Pick<SpooledBatch, "signal" | "items"> {
  const isLogs = ((header[7] ?? 0) & LOGS) !== 0;
  return { signal: isLogs ? "LOGS" : "TRACES", items: header.readUInt32BE(8) };
}
