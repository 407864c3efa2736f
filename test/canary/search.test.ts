import { describe, expect, it } from "vitest";
import { type Canary, KINDS, mint } from "./mint.ts";
import { createSearch } from "./search.ts";

const canaries = mint("unit", ["first", "first_again", "second"]);
const search = createSearch(canaries);

function canary(kind: Canary["kind"], surface = "second"): Canary {
  return canaries.find((each) => each.kind === kind && each.surface === surface)!;
}

function found(text: string): string[] {
  return search
    .survivors(text)
    .map(({ canary: { surface, kind }, encoding }) => `${surface} ${kind} ${encoding}`);
}

/** Every character as %XX. */
function percent(text: string): string {
  return text.replace(/[\s\S]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

describe("the canaries", () => {
  it("are the same for the same seed and others for another", () => {
    const secrets = (seed: string): string[] => mint(seed, ["second"]).map(({ secret }) => secret);

    expect(secrets("unit")).toEqual(secrets("unit"));
    expect(secrets("unit").filter((secret) => secrets("other").includes(secret))).toEqual([]);
  });

  it("are unlike each other, so that a survivor names its surface", () => {
    const many = mint(
      "many",
      Array.from({ length: 80 }, (_, index) => `surface${index}`),
    );

    expect(new Set(many.map(({ kind, secret }) => `${kind} ${secret}`)).size).toBe(many.length);
  });

  it("are valid card numbers and accounts", () => {
    const luhn = (digits: string): number =>
      Array.from(digits)
        .toReversed()
        .reduce((sum, digit, index) => {
          const value = Number(digit) * ((index % 2) + 1);
          return sum + (value > 9 ? value - 9 : value);
        }, 0) % 10;
    const mod97 = (iban: string): bigint =>
      BigInt(Array.from(iban.slice(4) + iban.slice(0, 4), (each) => parseInt(each, 36)).join("")) %
      97n;

    const of = (kind: Canary["kind"]): string[] =>
      canaries.filter((each) => each.kind === kind).map(({ secret }) => secret);
    expect(of("pan").map(luhn)).toEqual([0, 0, 0]);
    expect(of("iban").map(mod97)).toEqual([1n, 1n, 1n]);
  });
});

describe("the search", () => {
  it.each(KINDS)("finds a %s as it is planted", (kind) => {
    const { text, compact, json, key, secret } = canary(kind);

    const forms = [
      text,
      `/${compact}`,
      json,
      `{"key":"${key}","value":{"stringValue":"${secret}"}}`,
    ];
    expect(forms.map((form) => found(form).map((each) => each.split(" ", 2).join(" ")))).toEqual(
      forms.map(() => [`second ${kind}`]),
    );
  });

  it.each(KINDS)("finds a %s in percent form, once and twice", (kind) => {
    const { compact } = canary(kind);

    expect([found(percent(compact)), found(percent(percent(compact)))]).toEqual([
      [`second ${kind} percent`],
      [`second ${kind} percent twice`],
    ]);
  });

  it.each(KINDS)("finds a %s in base64 at each of the three alignments", (kind) => {
    const { compact } = canary(kind);
    const secret = compact.slice(compact.indexOf("/") + 1);

    const encoded = ["", "a", "ab"].map((before) =>
      Buffer.from(`${before} ${secret} and more`).toString("base64"),
    );
    expect(encoded.map((text) => found(`"${text}"`))).toEqual(
      encoded.map(() => [`second ${kind} base64`]),
    );
  });

  it("finds a card number by its digits, whatever stands between them", () => {
    const { secret } = canary("pan");
    const written = [" ", "-", ".", "/", " ~ "].map((between) => Array.from(secret).join(between));

    expect(written.map((text) => found(`card ${text}.`))).toEqual(
      written.map(() => ["second pan digits only"]),
    );
  });

  it("finds a grouped account in any case", () => {
    const { secret } = canary("iban");

    expect(
      found(
        secret
          .toLowerCase()
          .match(/.{1,4}/g)!
          .join(" "),
      ),
    ).toEqual(["second iban digits only"]);
  });

  it("finds what JSON has escaped", () => {
    expect(found(`"${canary("email").secret.replace("i", "\\u0069")}"`).length).toBe(1);
  });

  it("finds 13 digits of a card number, and not its first six and last four", () => {
    const { secret } = canary("pan");

    expect(found(`card ${secret.slice(0, 13)}`)).toEqual(["second pan raw"]);
    expect(found(`card ${secret.slice(0, 6)}******${secret.slice(-4)}`)).toEqual([]);
  });

  it("does not put a number together from the digits of two strings", () => {
    const { secret } = canary("pan");

    expect(found(`["${secret.slice(0, 8)}","${secret.slice(8)}"]`)).toEqual([]);
  });

  it("finds a CVV or a PIN only beside the word that names it", () => {
    const { secret } = canary("cvv");

    expect(
      [
        `card.cvv=${secret}`,
        `{"key":"card.cvv","value":{"intValue":${secret}}}`,
        `{"key":"card.cvv","type":"int64","value":${secret}}`,
        `note_cvv__${secret}_was_given`,
      ].map(found),
    ).toEqual(Array.from({ length: 4 }, () => ["second cvv raw"]));
    expect(
      [
        `status ${secret}`,
        `pin=${secret}`,
        `cvv=9${secret}`,
        `cvv=[removed] port=8080 status=${secret}`,
        `cvvs ${secret}`,
        `cvv: [sad] was given",le="${secret}"`,
        `{"key":"cvv","value":{"stringValue":"[sad]"}}],"spanId":"${secret}ada"`,
      ].map(found),
    ).toEqual([[], [], [], [], [], [], []]);
  });

  it("finds nothing where nothing is", () => {
    const other = mint("other", ["first", "second"]);

    expect(found(other.map(({ text, json }) => text + json).join("\n"))).toEqual([]);
  });

  it("shows what surrounds a survivor and not the survivor", () => {
    const { secret } = canary("password");
    const [survivor] = search.survivors(`a password=${secret} was given`);

    expect(survivor?.context).toBe("a password=«password»!7 was given");
  });

  it("tells which markers arrived, also from bytes in base64", () => {
    const markers = [canary("pan", "first"), canary("pan", "first_again")].map(
      ({ marker }) => marker,
    );

    expect([...search.arrived(markers.join(" "))]).toEqual(markers);
    expect([...search.arrived(Buffer.from(`in ${markers[0]} bytes`).toString("base64"))]).toEqual([
      markers[0],
    ]);
  });
});
