export {
  acceptC2b,
  type C2bAnswer,
  type C2bPayment,
  type C2bRefusal,
  readC2b,
  refuseC2b,
} from "./c2b.ts";
export { createDaraja, type Daraja, type DarajaOptions } from "./client.ts";
export { darajaTimestamp, securityCredential, stkPassword } from "./credentials.ts";
export { DarajaError, type DarajaErrorCode } from "./error.ts";
export { type AccountBalance, type QueuedResult, readQueuedResult } from "./queued-result.ts";
export type {
  AccountBalanceQuestion,
  C2bUrls,
  Payout,
  Queued,
  ResultUrls,
  Reversal,
  StkAccepted,
  StkPush,
  TransactionQuestion,
} from "./requests.ts";
export { readStkCallback, type Result, settle, type StkResult } from "./stk-result.ts";
export { createDarajaTokens, type DarajaTokens, type DarajaTokensOptions } from "./tokens.ts";
