import { createHash } from "node:crypto";
import type { Tenant } from "@assay/finance";

/** A tenant as the migration puts it into the database. */
export interface ExampleTenant extends Required<Tenant> {
  apiKey: string;
  /** What its subscription allows. */
  paymentsPerMonth: number;
}

/** The tenants of the example. Their keys open the example and nothing else. */
export const TENANTS: readonly ExampleTenant[] = [
  {
    id: "org_1",
    tier: "enterprise",
    apiKey: "example-key-of-org-1",
    paymentsPerMonth: 100_000,
  },
  { id: "org_2", tier: "standard", apiKey: "example-key-of-org-2", paymentsPerMonth: 1_000 },
];

/** What the database keeps of an API key. A key is long and random, so a plain hash of it cannot be guessed. */
export function hashOf(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("base64url");
}
