import type { Failure } from "./outcome.ts";

const DECLINED: Failure = { outcome: "failed", domain: "customer", retriable: false };
const LATER: Failure = { outcome: "failed", domain: "customer", retriable: true };
const MERCHANT: Failure = { outcome: "failed", domain: "merchant", retriable: false };
const ISSUER: Failure = { outcome: "failed", domain: "provider", retriable: true };
const OURS: Failure = { outcome: "failed", domain: "platform", retriable: false };

/** Response codes of ISO 8583, data element 39, in the two digits of the 1987 edition that networks still send. */
export const ISO_8583_RESPONSES: Readonly<Record<string, Failure>> = {
  "01": DECLINED, // refer to card issuer
  "02": DECLINED,
  "03": MERCHANT, // invalid merchant
  "04": DECLINED, // pick up card
  "05": DECLINED, // do not honour
  "06": ISSUER, // error
  "07": DECLINED,
  "12": OURS, // invalid transaction
  "13": OURS, // invalid amount
  "14": DECLINED, // invalid card number
  "15": DECLINED, // no such issuer
  "19": ISSUER, // re-enter transaction
  "21": OURS, // no action taken
  "22": ISSUER, // suspected malfunction
  "25": OURS, // unable to locate record
  "28": ISSUER, // file temporarily unavailable
  "30": OURS, // format error
  "31": ISSUER, // bank not supported by switch
  "33": DECLINED, // expired card
  "34": DECLINED, // suspected fraud
  "36": DECLINED, // restricted card
  "38": DECLINED, // PIN tries exceeded
  "39": DECLINED, // no credit account
  "40": OURS, // function not supported
  "41": DECLINED, // lost card
  "43": DECLINED, // stolen card
  "51": LATER, // not sufficient funds
  "52": DECLINED,
  "53": DECLINED,
  "54": DECLINED, // expired card
  "55": LATER, // incorrect PIN
  "56": DECLINED, // no card record
  "57": DECLINED, // not permitted to cardholder
  "58": MERCHANT, // not permitted to terminal
  "59": DECLINED, // suspected fraud
  "61": LATER, // exceeds amount limit
  "62": DECLINED, // restricted card
  "63": OURS, // security violation
  "65": LATER, // exceeds frequency limit
  "68": { outcome: "unknown", domain: "network", retriable: false }, // response received too late
  "75": DECLINED, // PIN tries exceeded
  "76": OURS, // unable to locate previous message
  "78": DECLINED, // card not active
  "79": DECLINED, // life cycle
  "82": DECLINED, // negative CVV result
  "85": DECLINED,
  "86": ISSUER, // cannot verify PIN
  "89": MERCHANT, // invalid terminal
  "90": ISSUER, // cut-off in progress
  "91": ISSUER, // issuer or switch inoperative
  "92": ISSUER, // cannot be routed
  "93": DECLINED, // violation of law
  "94": { outcome: "failed", domain: "platform", retriable: false }, // duplicate transmission
  "95": OURS, // reconcile error
  "96": ISSUER, // system malfunction
  "1A": LATER, // additional customer authentication required
  N7: DECLINED, // CVV2 mismatch
  R0: { outcome: "cancelled", domain: "customer", retriable: false }, // stop payment order
  R1: { outcome: "cancelled", domain: "customer", retriable: false }, // revocation of authorisation
};
