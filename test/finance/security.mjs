// Verifies tokens of two libraries that are wrong in one way each, looks into a cache, and tests two keys of which one
// cannot decrypt what it has encrypted.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import {
  authFailureReason,
  createAuthentication,
  createCryptoSelfTest,
  observeCaches,
} from "@assay/finance";
import { createServer } from "node:http";
import { trace } from "@opentelemetry/api";
import * as jose from "jose";
import jsonwebtoken from "jsonwebtoken";

const SECRET = randomBytes(32);
const OTHER = randomBytes(32);
const EXPECTED = { audience: "payments", issuer: "https://login.example" };
const NOW = Math.floor(Date.now() / 1_000);
const SOUND = { sub: "usr_7", aud: EXPECTED.audience, iss: EXPECTED.issuer, exp: NOW + 600 };

const authentication = createAuthentication({ methods: ["jwt", "oauth2"] });
const sign = (claims, key = SECRET, algorithm = "HS256") =>
  jsonwebtoken.sign({ ...SOUND, ...claims }, key, { algorithm, keyid: "k1" });
const { exp: _exp, ...withoutEnd } = SOUND;

// What is wrong with a token, and the token.
const tokens = {
  sound: sign({}),
  expired: sign({ exp: NOW - 60 }),
  "bad signature": sign({}, OTHER),
  "wrong audience": sign({ aud: "shop" }),
  "no audience": jsonwebtoken.sign({ iss: EXPECTED.issuer, exp: NOW + 600 }, SECRET),
  "wrong issuer": sign({ iss: "https://elsewhere.example" }),
  "not yet valid": sign({ nbf: NOW + 300 }),
  "other algorithm": sign({}, SECRET, "HS512"),
  unsigned: new jose.UnsecuredJWT(withoutEnd).encode(),
  "no token": "abc",
  "no claims": `${btoa('{"alg":"HS256","typ":"JWT"}')}.YQ.YQ`.replaceAll("=", ""),
  nothing: undefined,
};
const ways = {
  jose: (token) => jose.jwtVerify(token, SECRET, { ...EXPECTED, algorithms: ["HS256"] }),
  jsonwebtoken: (token) =>
    jsonwebtoken.verify(token, SECRET, { ...EXPECTED, algorithms: ["HS256"] }),
};

// A server of keys that has none, and later is away.
const { privateKey, publicKey } = await jose.generateKeyPair("ES256");
const known = { keys: [{ ...(await jose.exportJWK(publicKey)), alg: "ES256", kid: "k1" }] };
const server = createServer((request, response) => {
  response.writeHead(request.url === "/keys" ? 200 : 503).end(JSON.stringify(known));
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const urlOf = (path) => new URL(path, `http://127.0.0.1:${server.address().port}`);
const remote = jose.createRemoteJWKSet(urlOf("/keys"));
const failing = jose.createRemoteJWKSet(urlOf("/failing"));
const away = jose.createRemoteJWKSet(urlOf("/away"));
const close = async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
};
const signedBy = (kid) =>
  new jose.SignJWT(SOUND).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);

const reasons = {};
await trace.getTracer("app").startActiveSpan("request", async (span) => {
  for (const [way, verify] of Object.entries(ways)) {
    for (const [wrong, token] of Object.entries(tokens)) {
      reasons[`${way}: ${wrong}`] = await authentication
        .verify("jwt", async () => verify(token))
        .then(() => "none", authFailureReason);
    }
  }
  const asked = { "known key": ["k1", remote], "unknown key": ["k2", remote] };
  asked["keys not given"] = ["k1", failing];
  asked["keys away"] = ["k1", away];
  for (const [wrong, [kid, set]] of Object.entries(asked)) {
    if (set === away) await close();
    const token = await signedBy(kid);
    reasons[`jose: ${wrong}`] = await authentication
      .verify("oauth2", () => jose.jwtVerify(token, set, EXPECTED))
      .then(() => "none", authFailureReason);
  }
  for (const message of [
    "Unable to find a signing key that matches 'k1'",
    "connect ECONNREFUSED",
  ]) {
    const verified = Promise.withResolvers();
    const getKey = (_header, done) => done(new Error(message));
    jsonwebtoken.verify(tokens.sound, getKey, EXPECTED, verified.reject);
    reasons[`jsonwebtoken: ${message}`] = await authentication
      .verify("oauth2", () => verified.promise)
      .then(() => "none", authFailureReason);
  }
  span.end();
});

const rates = new Map();
const caches = observeCaches({ rates: { size: () => rates.size }, jwt: {} });
for (const pair of ["USD-KES", "USD-KES", "EUR-KES"]) {
  await caches.rates.getOrLoad(rates, pair, async () => 130);
}

const cipherOf = (key, decryptingKey = key) => ({
  encrypt(text) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = cipher.update(text, "utf8", "hex") + cipher.final("hex");
    return { nonce, sealed, tag: cipher.getAuthTag() };
  },
  decrypt({ nonce, sealed, tag }) {
    const decipher = createDecipheriv("aes-256-gcm", decryptingKey, nonce).setAuthTag(tag);
    return decipher.update(sealed, "hex", "utf8") + decipher.final("utf8");
  },
});
// Its timer does not keep the process.
await createCryptoSelfTest({
  keys: { "k-2026-10": cipherOf(SECRET, OTHER), "k-2026-11": cipherOf(SECRET) },
}).run();
console.log(JSON.stringify(reasons));
