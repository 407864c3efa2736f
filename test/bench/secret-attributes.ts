import type { Attribute } from "./corpus.ts";
import type { Random } from "./random.ts";

/** An attribute with something that must not leave, in one of the forms that services write it in. */
export function secretAttribute(random: Random): Attribute {
  return random.pick(FORMS)(random);
}

const FORMS: readonly ((random: Random) => Attribute)[] = [
  (random) => {
    const pan = panOf(random);
    return { key: "log.body", value: `card ${pan} declined by issuer, code 05`, secret: pan };
  },
  (random) => {
    const pan = panOf(random).replace(/(\d{4})(?=\d)/g, "$1 ");
    return { key: "exception.message", value: `No route for ${pan} (attempt 2)`, secret: pan };
  },
  (random) => {
    const pan = panOf(random);
    const value = `{"amountMinor":150000,"card":{"number":"${pan}","cvv":"${random.digits(3)}","expiry":"12/29"}}`;
    return { key: "request.summary", value, secret: pan };
  },
  (random) => {
    const pan = panOf(random).replace(/(\d{4})(?=\d)/g, "$1%20");
    const value = `https://api.pay.example.com/v1/cards?number=${pan}&retry=1`;
    return { key: "url.full", value, secret: pan };
  },
  (random) => {
    const phone = `2547${random.digits(8)}`;
    return { key: "log.body", value: `STK push sent to ${phone}, waiting`, secret: phone };
  },
  (random) => {
    const phone = `07${random.digits(8)}`;
    return { key: "customer.phone", value: phone, secret: phone };
  },
  (random) => {
    const email = `jane.${random.hex(6)}@example.co.ke`;
    return {
      key: "log.body",
      value: `receipt for order ${random.digits(6)} mailed to ${email}`,
      secret: email,
    };
  },
  (random) => {
    const token = `eyJhbGciOiJIUzI1NiJ9.${Buffer.from(`{"sub":"${random.hex(12)}"}`).toString("base64url")}.${random.hex(43)}`;
    return { key: "http.request.header.x-forwarded-auth", value: `Bearer ${token}`, secret: token };
  },
  (random) => {
    const password = `Tr0ub4dor-${random.hex(6)}`;
    const value = `postgres://app:${password}@db.internal:5432/payments?sslmode=require`;
    return { key: "db.connection_string", value, secret: password };
  },
  (random) => {
    const key = `sk_live_${random.hex(24)}`;
    return { key: "log.body", value: `provider refused key ${key}`, secret: key };
  },
];

function panOf(random: Random): string {
  const body = `4${random.digits(14)}`;
  let sum = 0;
  for (let index = 0; index < body.length; index++) {
    const digit = Number(body.charAt(index)) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return `${body}${(10 - (sum % 10)) % 10}`;
}
