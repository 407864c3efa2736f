import type { Failure } from "./outcome.ts";

const PARTY: Failure = { outcome: "failed", domain: "customer", retriable: false };
const FUNDS: Failure = { outcome: "failed", domain: "customer", retriable: true };
const OURS: Failure = { outcome: "failed", domain: "platform", retriable: false };
const AGENT: Failure = { outcome: "failed", domain: "provider", retriable: true };
const CANCELLED: Failure = { outcome: "cancelled", domain: "customer", retriable: false };

/** Reasons of ISO 20022's external code set ExternalStatusReason1Code that credit transfers and direct debits meet. */
export const ISO_20022_REASONS: Readonly<Record<string, Failure>> = {
  AB05: { outcome: "expired", domain: "provider", retriable: true }, // timeout creditor agent
  AB06: { outcome: "expired", domain: "provider", retriable: true }, // timeout instructed agent
  AB07: AGENT, // offline agent
  AB08: AGENT, // offline creditor agent
  AB09: AGENT, // error creditor agent
  AB10: AGENT, // error instructed agent
  AB11: { outcome: "expired", domain: "provider", retriable: true }, // timeout debtor agent
  AC01: PARTY, // incorrect account number
  AC02: PARTY,
  AC03: PARTY,
  AC04: PARTY, // closed account number
  AC06: PARTY, // blocked account
  AC13: PARTY,
  AG01: PARTY, // transaction forbidden
  AG02: OURS, // invalid bank operation code
  AG03: OURS, // transaction not supported
  AG09: AGENT, // payment not received
  AG10: AGENT, // agent suspended
  AG11: AGENT, // creditor agent suspended
  AM01: OURS, // zero amount
  AM02: FUNDS, // not allowed amount
  AM03: OURS, // not allowed currency
  AM04: FUNDS, // insufficient funds
  AM05: OURS, // duplication
  AM07: PARTY, // blocked amount
  AM09: OURS, // wrong amount
  AM12: OURS, // invalid amount
  AM14: FUNDS, // amount exceeds agreed limit
  AM18: OURS, // number of transactions
  AM21: FUNDS, // limit exceeded
  AM23: AGENT, // amount exceeds settlement limit
  BE04: PARTY, // missing creditor address
  BE05: OURS, // unrecognised initiating party
  BE06: PARTY, // unknown end customer
  BE07: PARTY, // missing debtor address
  CUST: CANCELLED, // requested by customer
  DS02: PARTY, // order cancelled by its signers
  DS04: AGENT, // order rejected by the bank
  DT01: OURS, // invalid date
  DT04: OURS, // future date not supported
  DUPL: OURS, // duplicate payment
  ED05: AGENT, // settlement failed
  FF01: OURS, // invalid file format
  FF08: OURS, // end-to-end identification missing
  FOCR: CANCELLED, // following a cancellation request
  FR01: PARTY, // fraud
  FRAD: PARTY, // fraudulent origin
  LEGL: PARTY, // legal decision
  MD01: OURS, // no mandate
  MD06: CANCELLED, // refund request by end customer
  MD07: PARTY, // end customer deceased
  MS02: PARTY, // reason not given, customer
  MS03: AGENT, // reason not given, agent
  NOAS: { outcome: "expired", domain: "customer", retriable: true }, // no answer from customer
  RC01: OURS, // wrong bank identifier
  RC04: OURS, // wrong creditor bank identifier
  RR01: PARTY, // missing debtor account
  RR02: PARTY, // missing debtor name
  RR03: PARTY, // missing creditor name
  RR04: PARTY, // regulatory reason
  TECH: AGENT, // technical problems
  TM01: AGENT, // cut-off time
  UPAY: OURS, // undue payment
};
