export { DarajaError, type DarajaErrorCode } from "./error.ts";
export { createDarajaTokens, type DarajaTokens, type DarajaTokensOptions } from "./tokens.ts";
