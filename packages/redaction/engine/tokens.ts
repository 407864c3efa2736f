// Credentials that can be told by their form: tokens, private keys, authorization schemes, passwords in URLs.

import { isAlphanumeric } from "./ascii";
import { hasColon } from "./base64";
import {
  BY_API_KEY,
  BY_AUTHORIZATION,
  BY_BOT_TOKEN,
  BY_JWT,
  BY_PASSWORD_HASH,
  BY_PEM,
  BY_SIGNATURE,
  BY_USERINFO,
  BY_VENDOR_TOKEN,
  BY_WEBHOOK_URL,
  CREDENTIAL,
  MARK_CREDENTIAL,
} from "./codes";
import {
  PEM_BEGIN,
  SCHEME_CREDENTIALS,
  TOKEN_API_KEY,
  TOKEN_BCRYPT,
  TOKEN_BOT,
  TOKEN_CRYPT,
  TOKEN_DARAJA,
  TOKEN_DISCORD,
  TOKEN_SIGNATURE,
  TOKEN_SLACK,
  TOKEN_VENDOR,
  USERINFO_AUTHORITY,
  USERINFO_PLACEHOLDER,
  USERINFO_SLASHED,
} from "./generated/patterns";
import { isMarker, isMasked } from "./marks";
import { end, matchAt, search, start } from "./match";
import { isOpaque } from "./opaque";
import { mayMatch } from "./prefilter";
import { add } from "./spans";
import * as view from "./view";

function addCredential(from: i32, to: i32, detector: u8): void {
  add(from, to, CREDENTIAL, MARK_CREDENTIAL, detector, false);
}

export function findToken(): void {
  findJwt();
  addAll(TOKEN_VENDOR, BY_VENDOR_TOKEN);
  addAll(TOKEN_SLACK, BY_WEBHOOK_URL);
  addAll(TOKEN_DISCORD, BY_WEBHOOK_URL);
  addAll(TOKEN_BOT, BY_BOT_TOKEN);
  addAll(TOKEN_API_KEY, BY_API_KEY);
  addAll(TOKEN_SIGNATURE, BY_SIGNATURE);
  addAll(TOKEN_DARAJA, BY_VENDOR_TOKEN);
  addAll(TOKEN_BCRYPT, BY_PASSWORD_HASH);
  addAll(TOKEN_CRYPT, BY_PASSWORD_HASH);
}

function addAll(pattern: i32, detector: u8): void {
  if (!mayMatch(pattern)) return;
  for (let at = 0; search(pattern, view.text, view.length, at);) {
    at = end(0);
    addCredential(start(0), at, detector);
  }
}

// Three or more parts of base64url, the first of which begins an object: eyJ is {" in base64.
function findJwt(): void {
  let headEnd = 0;
  for (let at = 0; at + 12 < view.length; at++) {
    if (load<u8>(view.text + at) !== 101) continue;
    if (view.at(at + 1) !== 121 || view.at(at + 2) !== 74 || isAlphanumeric(view.at(at - 1)))
      continue;
    // What begins within the same run ends where it does.
    if (headEnd < at + 3) headEnd = endOfRun(at + 3);
    if (headEnd - at < 9 || view.at(headEnd) !== 46) continue;
    let to = endOfRun(headEnd + 1);
    if (to - headEnd < 5) continue;
    for (let part = 0; part < 3 && view.at(to) === 46; part++) to = endOfRun(to + 1);
    addCredential(at, to, BY_JWT);
    at = to - 1;
  }
}

function endOfRun(from: i32): i32 {
  let at = from;
  while (isUrlSafe(view.at(at))) at++;
  return at;
}

function isUrlSafe(byte: u8): bool {
  return isAlphanumeric(byte) || byte === 45 || byte === 95;
}

/** Private keys, whole or cut short. */
export function findPem(): void {
  for (let at = 0; search(PEM_BEGIN, view.text, view.length, at);) {
    const from = start(0);
    at = endOfPem(end(0), start(1), end(1));
    addCredential(from, at, BY_PEM);
  }
}

// Without its end it was cut: everything that follows belongs to it.
function endOfPem(from: i32, name: i32, nameEnd: i32): i32 {
  const size = nameEnd - name;
  for (let at = from; at + 4 + size <= view.length; at++) {
    // END and a space
    if (load<u32>(view.text + at) !== 0x20444e45) continue;
    if (memory.compare(view.text + at + 4, view.text + name, size) !== 0) continue;
    for (let dash = at + 4; dash < at + 80; dash++) {
      if (view.at(dash) !== 45) continue;
      const most = min(dash + 5, at + 80);
      while (dash < most && view.at(dash) === 45) dash++;
      return dash;
    }
    while (at < view.length && view.at(at) !== 10) at++;
    return at;
  }
  return view.length;
}

/** `Bearer x` and `Basic x`. */
export function findScheme(): void {
  for (let at = 0; search(SCHEME_CREDENTIALS, view.text, view.length, at);) {
    at = end(0);
    const from = start(2);
    const size = at - from;
    // The only one of five letters.
    const isBasic = end(1) - start(1) === 5;
    const value = view.text + from;
    const isSecret = isBasic
      ? hasColon(value, size) || isOpaque(value, size, 12)
      : isOpaque(value, size, 6);
    if (isSecret) addCredential(from, at, BY_AUTHORIZATION);
  }
}

/** The password in the authority of a URL. */
export function findUserinfo(): void {
  for (let at = 0; search(USERINFO_AUTHORITY, view.text, view.length, at);) {
    at = end(0);
    const to = end(1);
    let from = start(1);
    while (from < to && view.at(from) !== 58) from++;
    const isAlone = from === to;
    from = isAlone ? start(1) : from + 1;
    const isSecret = isAlone
      ? isOpaque(view.text + from, to - from, 16)
      : isPassword(view.text + from, to - from);
    if (isSecret) addCredential(from, to, BY_USERINFO);
  }
  for (let at = 0; search(USERINFO_SLASHED, view.text, view.length, at);) {
    at = end(0);
    const from = start(1);
    const to = end(1);
    if (hasSlash(from, to) && isPassword(view.text + from, to - from))
      addCredential(from, to, BY_USERINFO);
  }
}

function hasSlash(from: i32, to: i32): bool {
  for (let at = from; at < to; at++) {
    const byte = view.at(at);
    if (byte === 47 || byte === 63 || byte === 35) return true;
  }
  return false;
}

function isPassword(address: usize, size: i32): bool {
  return (
    size > 0 &&
    !isMarker(address, size) &&
    !isMasked(address, size) &&
    !matchAt(USERINFO_PLACEHOLDER, address, size, 0)
  );
}
