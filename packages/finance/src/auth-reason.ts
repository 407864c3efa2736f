import type { FinanceAttributes } from "@assay/semconv";
import { failureOf } from "./thrown.ts";

/** Why someone was not let in: the registry's list, and nothing else. */
export type AuthFailureReason = NonNullable<FinanceAttributes["finance.auth.failure.reason"]>;

// What jose calls its errors.
const BY_CODE: Readonly<Record<string, AuthFailureReason>> = {
  ERR_JOSE_ALG_NOT_ALLOWED: "wrong_algorithm",
  // Of a response with keys that is no such thing.
  ERR_JOSE_GENERIC: "unavailable",
  ERR_JOSE_NOT_SUPPORTED: "wrong_algorithm",
  ERR_JWE_DECRYPTION_FAILED: "bad_signature",
  ERR_JWE_INVALID: "malformed",
  ERR_JWKS_INVALID: "unavailable",
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: "unknown_key",
  ERR_JWKS_NO_MATCHING_KEY: "unknown_key",
  ERR_JWKS_TIMEOUT: "unavailable",
  ERR_JWS_INVALID: "malformed",
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: "bad_signature",
  ERR_JWT_EXPIRED: "expired",
  ERR_JWT_INVALID: "malformed",
};

const BY_CLAIM: Readonly<Record<string, AuthFailureReason>> = {
  aud: "wrong_audience",
  exp: "expired",
  iat: "not_yet_valid",
  iss: "wrong_issuer",
  nbf: "not_yet_valid",
};

const BY_NAME: Readonly<Record<string, AuthFailureReason>> = {
  NotBeforeError: "not_yet_valid",
  SyntaxError: "malformed",
  TokenExpiredError: "expired",
};

// jose has no code for no token at all.
const NO_TOKEN = /^Compact JWS must be a string/;
// jsonwebtoken has one error for the rest, and tells them apart by how its message begins.
const BY_MESSAGE: readonly (readonly [RegExp, AuthFailureReason])[] = [
  [/^invalid signature|^jwt signature is required/, "bad_signature"],
  [/^jwt audience invalid/, "wrong_audience"],
  [/^jwt issuer invalid/, "wrong_issuer"],
  [/^jwt must be provided/, "missing"],
  [/^jwt malformed|^jwt must be a string|^invalid (?:token|nbf value|exp value)/, "malformed"],
  [/^invalid algorithm|^secretOrPublicKey must be|^please specify "none"/, "wrong_algorithm"],
  // A callback that looks for the key: it is not there, or nobody could be asked.
  [/^error in secret or public key callback: .*signing key/, "unknown_key"],
  [/^error in secret or public key callback|^secret or public key must/, "unavailable"],
];

/**
 * Tells why a verification failed, from what it threw: the errors of `jose` and of `jsonwebtoken`, and a key server that
 * cannot be reached. What it does not know is `other`.
 */
export function authFailureReason(error: unknown): AuthFailureReason {
  if (typeof error !== "object" || error === null) return "other";
  const { code, name, message, claim } = error as Readonly<Record<string, unknown>>;
  if (code === "ERR_JWT_CLAIM_VALIDATION_FAILED") return BY_CLAIM[String(claim)] ?? "other";
  if (code === "ERR_JWS_INVALID" && NO_TOKEN.test(String(message))) return "missing";
  const known = BY_CODE[String(code)] ?? BY_NAME[String(name)];
  if (known !== undefined) return known;
  if (name === "JsonWebTokenError") {
    return BY_MESSAGE.find(([begins]) => begins.test(String(message)))?.[1] ?? "other";
  }
  return failureOf(error).domain === "network" ? "unavailable" : "other";
}
