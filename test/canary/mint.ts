import { createHash } from "node:crypto";
import { FORMS, type Form, partsOf } from "./forms.ts";

/** What is planted. The words of `CODE` stand for them in markers, which must not name a secret. */
export const KINDS = [
  "pan",
  "cvv",
  "pin",
  "phone",
  "email",
  "iban",
  "jwt",
  "api_key",
  "password",
] as const;

export type Kind = (typeof KINDS)[number];

/** A secret that exists once in the world, and the harmless word that travels beside it. */
export interface Canary {
  kind: Kind;
  surface: string;
  /** Arrives unchanged wherever the surface arrives: a search that finds it knows that the secret was delivered. */
  marker: string;
  /** An attribute key that names the secret. */
  key: string;
  /** As it is planted under such a key, or alone. */
  secret: string;
  /** Free text with marker and secret: grouped digits, `cvv: 482`, `Bearer …`. */
  text: string;
  /** Marker and secret without a space, for names and headers; a short secret keeps the word that names it. */
  compact: string;
  /** JSON in which the secret lies two levels down. */
  json: string;
  /** How the secret is written; absent when plainly. */
  form?: string;
  /** What is searched beside the secret. */
  parts?: string[];
}

const CODE: Record<Kind, string> = {
  pan: "alpha",
  cvv: "bravo",
  pin: "charlie",
  phone: "delta",
  email: "echo",
  iban: "foxtrot",
  jwt: "golf",
  api_key: "hotel",
  password: "india",
};

const KEYS: Record<Kind, string> = {
  pan: "card.number",
  cvv: "card.cvv",
  pin: "customer.pin",
  phone: "customer.phone",
  email: "customer.email",
  iban: "payout.iban",
  jwt: "session.access_token",
  api_key: "provider.api_key",
  password: "account.password",
};

const LETTERS = "abcdefghijkmnopqrstuvwxyz";
const ALPHANUMERIC = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
// Real IIN ranges: Visa, Mastercard old and new, American Express. Digits in all, check digit included.
const NETWORKS: readonly (readonly [string, number])[] = [
  ["453914", 16],
  ["542523", 16],
  ["222300", 16],
  ["378282", 15],
];

/** Makes every canary of a run. The same seed and surfaces give the same canaries. */
export function mint(seed: string, surfaces: readonly string[]): Canary[] {
  const make = createMaker(seed);
  return surfaces.flatMap((surface, row) =>
    KINDS.map((kind, column) => {
      // The form goes by place and not by seed, so that a run of another seed tries the same forms.
      const form = row + column;
      const { secret, marker } = make(surface, kind, "", form);
      return assemble({ kind, surface, secret, marker }, form);
    }),
  );
}

/** Makes the canaries that are written in each of FORMS, for surfaces that take any text. */
export function mintForms(seed: string, surfaces: readonly string[]): Canary[] {
  const make = createMaker(seed);
  return surfaces.flatMap((surface, row) =>
    FORMS.flatMap((form, column) =>
      form.kinds.map((kind) => {
        const { secret, marker } = make(surface, kind, form.name, row + column);
        return inForm({ kind, surface, secret, marker }, form);
      }),
    ),
  );
}

function createMaker(seed: string) {
  const run = take(bytes(seed, "run"), LETTERS, 6);
  const used = new Set<string>();
  return (surface: string, kind: Kind, form: string, place: number) => {
    let secret: string;
    let attempt = 0;
    do {
      secret = SECRETS[kind](bytes(seed, surface, kind, form, attempt++), place);
    } while (used.has(`${kind} ${secret}`));
    used.add(`${kind} ${secret}`);
    const code = form === "" ? "" : `_f${FORMS.findIndex(({ name }) => name === form)}x`;
    return { secret, marker: `mk${run}_${surface}_${CODE[kind]}${code}` };
  };
}

function inForm(base: Pick<Canary, "kind" | "surface" | "secret" | "marker">, form: Form): Canary {
  const { kind, secret, marker } = base;
  return {
    ...assemble(base, 0),
    text: `${marker} declined, ${kind === "pan" ? "card" : "given"} ${form.write(secret, kind)} was used`,
    form: form.name,
    parts: partsOf(form, secret, kind),
  };
}

/** True for kinds so short that they are planted and searched beside the word that names them. */
export function isPaired(kind: Kind): boolean {
  return kind === "cvv" || kind === "pin";
}

function assemble(
  { kind, surface, secret, marker }: Pick<Canary, "kind" | "surface" | "secret" | "marker">,
  form: number,
): Canary {
  const named = kind === "cvv" || kind === "pin" || kind === "password";
  const written = named
    ? pick([`${kind}=${secret}`, `${kind}: ${secret}`, `{"${kind}":"${secret}"}`], form)
    : writtenAlone(kind, secret, form);
  return {
    kind,
    surface,
    marker,
    key: KEYS[kind],
    secret,
    text: `${marker} declined, ${written} was given`,
    compact: `${marker}/${named ? `${kind}=` : ""}${secret}`,
    json: JSON.stringify({
      note: marker,
      customer: { details: [{ [KEYS[kind].split(".")[1]!]: secret }] },
    }),
  };
}

function writtenAlone(kind: Kind, secret: string, form: number): string {
  switch (kind) {
    case "pan":
      return `card ${pick([secret, grouped(secret, " "), grouped(secret, "-")], form)}`;
    case "phone":
      return pick([`+${secret}`, secret, `+254 ${grouped(secret.slice(3), " ", 3)}`], form);
    case "iban":
      return pick([secret, grouped(secret, " ")], form);
    case "jwt":
      return pick([`Bearer ${secret}`, secret], form);
    default:
      return secret;
  }
}

const SECRETS: Record<Kind, (random: Buffer, form: number) => string> = {
  pan(random, form) {
    const [iin, length] = pick(NETWORKS, form);
    const body = iin + digits(random, length - 1 - iin.length);
    return body + luhnDigit(body);
  },
  // Not 0xx to 5xx: a status code or a default port beside the word would be taken for it.
  cvv: (random) => String(600 + (random.readUInt32BE() % 400)),
  pin: (random) => String(2_100 + (random.readUInt32BE() % 7_900)),
  phone: (random) => `2547${digits(random, 8)}`,
  email: (random) => `amina.${take(random, LETTERS, 10)}@mail.example.com`,
  iban(random, form) {
    const country = pick(["DE", "GB"], form);
    const bban = country === "DE" ? digits(random, 18) : `NWBK${digits(random, 14)}`;
    return country + ibanCheck(country, bban) + bban;
  },
  jwt(random) {
    const part = (value: unknown): string =>
      Buffer.from(JSON.stringify(value)).toString("base64url");
    const claims = { sub: take(random, ALPHANUMERIC, 12), iat: 1_700_000_000 };
    const signature = createHash("sha256").update(random).digest("base64url");
    return `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}.${signature}`;
  },
  api_key: (random, form) =>
    pick(
      [
        `sk_live_${take(random, ALPHANUMERIC, 24)}`,
        `AKIA${take(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16)}`,
        `ghp_${take(random, ALPHANUMERIC, 36)}`,
      ],
      form,
    ),
  password: (random) => `${take(random, ALPHANUMERIC, 11)}!7`,
};

function bytes(...of: readonly (string | number)[]): Buffer {
  return createHash("sha512").update(JSON.stringify(of)).digest();
}

function pick<T>(list: readonly T[], index: number): T {
  return list[index % list.length]!;
}

function take(random: Buffer, alphabet: string, length: number): string {
  return Array.from(random.subarray(0, length), (byte) => alphabet[byte % alphabet.length]).join(
    "",
  );
}

function digits(random: Buffer, length: number): string {
  return take(random, "0123456789", length);
}

function grouped(text: string, separator: string, size = 4): string {
  return (text.match(new RegExp(`.{1,${size}}`, "g")) ?? []).join(separator);
}

function luhnDigit(body: string): string {
  const sum = Array.from(body)
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return String((10 - (sum % 10)) % 10);
}

// ISO 13616: letters become 10 to 35, the country and "00" go to the end, and the rest of 97 is taken from 98.
function ibanCheck(country: string, bban: string): string {
  const number = Array.from(`${bban}${country}00`, (letter) => parseInt(letter, 36)).join("");
  return String(98n - (BigInt(number) % 97n)).padStart(2, "0");
}
