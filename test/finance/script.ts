import { type Money, money } from "@assay/semconv";

/** How many payments the day has. */
export const COUNT = 1_000;
export const CUSTOMERS = 40;

export type RailName = "mpesa" | "mtn" | "card";

/** What the provider does with a payment; `completes` is most of the day. */
export const SCRIPT = [
  "completes",
  "completes",
  "completes",
  "completes",
  "cancelled",
  "poor",
  "unanswered",
  "broken",
  "strange",
  "refused",
  "late",
  "silent",
  "never arrived",
  "lost",
  "lost and cancelled",
  "twice",
  "at once",
  "early",
  "early and unmatched",
  "confused",
] as const;
export type Script = (typeof SCRIPT)[number];

const RAILS: readonly RailName[] = ["mpesa", "mtn", "card"];
const CURRENCIES: Readonly<Record<RailName, string>> = { mpesa: "KES", mtn: "UGX", card: "JOD" };
const PREFIXES: Readonly<Record<RailName, string>> = { mpesa: "2547", mtn: "2567", card: "2547" };

/** What the provider says of a payment that ends in this way, by rail. */
const CODES: Readonly<Record<RailName, Readonly<Partial<Record<Script, string>>>>> = {
  mpesa: { cancelled: "1032", poor: "1", unanswered: "1037", broken: "26", strange: "4711" },
  mtn: {
    cancelled: "APPROVAL_REJECTED",
    poor: "NOT_ENOUGH_FUNDS",
    unanswered: "EXPIRED",
    broken: "INTERNAL_PROCESSING_ERROR",
    strange: "WHO_KNOWS",
  },
  card: { cancelled: "R1", poor: "51", unanswered: "1A", broken: "91", strange: "ZZ" },
};

export interface Order {
  number: number;
  paymentId: string;
  rail: RailName;
  amount: Money;
  customer: string;
  phone: string;
  tenant: string;
}

/** The script of a payment, by its id. */
export function scriptOf(paymentId: string): Script {
  return SCRIPT[numberOf(paymentId) % SCRIPT.length]!;
}

/** The provider's last word on a payment; undefined when it never heard of it. */
export function codeOf(paymentId: string): string | undefined {
  const script = scriptOf(paymentId);
  if (script === "never arrived") return undefined;
  if (script === "refused") return "500.001.1001";
  const rail = railOf(numberOf(paymentId));
  return CODES[rail][script === "lost and cancelled" ? "cancelled" : script] ?? "0";
}

/** What is ordered, by its number. Numbers of a customer are spread over all that may happen. */
export function orderOf(number: number): Order {
  const rail = railOf(number);
  const at = (number * 7) % CUSTOMERS;
  const of = String(at).padStart(2, "0");
  return {
    number,
    paymentId: `pay_${String(number).padStart(4, "0")}`,
    rail,
    amount: money(CURRENCIES[rail], BigInt(10_000 + number)),
    customer: `cus_of_the_day_${of}`,
    phone: `${PREFIXES[rail]}123498${of}`,
    tenant: `org_${number % 5}`,
  };
}

function railOf(number: number): RailName {
  return RAILS[Math.floor(number / SCRIPT.length) % RAILS.length]!;
}

function numberOf(paymentId: string): number {
  return Number(paymentId.slice("pay_".length));
}
