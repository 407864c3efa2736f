import { constants, publicEncrypt } from "node:crypto";

const EAST_AFRICA_MS = 3 * 3_600_000;

/** STK push's password: base64 of short code, passkey and timestamp. It is a credential. */
export function stkPassword(shortcode: string, passkey: string, timestamp: string): string {
  return Buffer.from(shortcode + passkey + timestamp).toString("base64");
}

/** A moment as Daraja writes it: 14 digits of East Africa Time, which has no summer time. */
export function darajaTimestamp(moment: Date = new Date()): string {
  const eastAfrica = new Date(moment.getTime() + EAST_AFRICA_MS);
  return eastAfrica.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}

/**
 * Makes an initiator's security credential: its password, encrypted for Safaricom.
 *
 * `certificate` is Safaricom's, as PEM; the sandbox has another one than production. Throws what `node:crypto` throws
 * for a text that is none. The credential is a secret: whoever has it can pay out.
 */
export function securityCredential(initiatorPassword: string, certificate: string): string {
  return publicEncrypt(
    { key: certificate, padding: constants.RSA_PKCS1_PADDING },
    Buffer.from(initiatorPassword),
  ).toString("base64");
}

/** Reads 14 digits of East Africa Time, or "19.12.2019 11:45:50"; undefined of anything else. */
export function momentOf(text: string | undefined): Date | undefined {
  const digits = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text ?? "");
  const written = /^(\d\d)\.(\d\d)\.(\d{4}) (\d\d):(\d\d):(\d\d)$/.exec(text ?? "");
  const [year, month, day, ...time] =
    digits === null ? (written ?? []).slice(1, 4).toReversed() : digits.slice(1);
  const [hour, minute, second] = digits === null ? (written ?? []).slice(4) : time;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}+03:00`;
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? undefined : moment;
}
