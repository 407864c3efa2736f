/** What a merchant holds to talk to Daraja. */
export interface DarajaCredentials {
  consumerKey: string;
  consumerSecret: string;
  shortcode: string;
  passkey: string;
}

/**
 * Credentials from DARAJA_CONSUMER_KEY, DARAJA_CONSUMER_SECRET, DARAJA_SHORTCODE and DARAJA_PASSKEY.
 *
 * The defaults open the fake Daraja of this example and nothing else; 174379 is Safaricom's sandbox till.
 */
export function darajaCredentials(
  env: Readonly<Record<string, string | undefined>> = process.env,
): DarajaCredentials {
  return {
    consumerKey: env.DARAJA_CONSUMER_KEY ?? "example-consumer-key",
    consumerSecret: env.DARAJA_CONSUMER_SECRET ?? "example-consumer-secret",
    shortcode: env.DARAJA_SHORTCODE ?? "174379",
    passkey: env.DARAJA_PASSKEY ?? "example-passkey",
  };
}

/** STK push password: base64 of shortcode, passkey and timestamp. */
export function stkPassword({ shortcode, passkey }: DarajaCredentials, timestamp: string): string {
  return Buffer.from(shortcode + passkey + timestamp).toString("base64");
}

/** A moment as Daraja writes it: 14 digits of East Africa Time, which has no summer time. */
export function darajaTimestamp(moment: Date = new Date()): string {
  const eastAfrica = new Date(moment.getTime() + 3 * 3_600_000);
  return eastAfrica.toISOString().replaceAll(/\D/g, "").slice(0, 14);
}
