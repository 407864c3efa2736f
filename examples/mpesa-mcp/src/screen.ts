import type { DrawOptions } from "@assay/console";
import type { JourneyPayment } from "./journey.ts";
import { scenarios } from "./scenarios.ts";
import { TENANTS } from "./tenants.ts";

/** A heading across the terminal. */
export function heading(text: string, { colour = false, width = 100 }: DrawOptions): string {
  const rule = "─".repeat(Math.max(0, width - text.length - 1));
  return colour
    ? `\n\u001B[1m${text}\u001B[22m \u001B[2m${rule}\u001B[22m\n`
    : `\n${text} ${rule}\n`;
}

/** The payments of a journey, a line each. */
export function journeyLines(journey: readonly JourneyPayment[]): string {
  return journey
    .map(
      ({ scenario, status, paymentId }) =>
        `  ${scenario.padEnd(22)} ${status.padEnd(10)} ${paymentId}`,
    )
    .join("\n");
}

/** How to make a payment by hand, and which phone numbers do what. */
export function invitation(serviceUrl: string): string {
  const endings = scenarios.map(({ digits, name }) => `${digits} ${name}`).join(", ");
  return [
    `The service is at ${serviceUrl}. Make another payment:`,
    "",
    `  curl -s ${serviceUrl}/payments -H 'authorization: Bearer ${TENANTS[0]!.apiKey}' \\`,
    `    -H 'content-type: application/json' -H "idempotency-key: $RANDOM" \\`,
    `    -d '{"phone":"254712345601","amount":"1500.00","reference":"INV-2001"}'`,
    "",
    `The last two digits of the phone choose what happens: ${endings}.`,
    "Ctrl-C ends it.",
  ].join("\n");
}
