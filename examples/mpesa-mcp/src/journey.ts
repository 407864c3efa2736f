import { randomInt, randomUUID } from "node:crypto";
import { setTimeout as after } from "node:timers/promises";
import { scenarios, type Scenario } from "./scenarios.ts";
import { type ExampleTenant, TENANTS } from "./tenants.ts";

export interface JourneyOptions {
  serviceUrl: string;
  /** Which scenarios, in this order; all of them when left out. */
  payments?: readonly Scenario[];
  /** Until when every payment must be final. */
  deadlineMs?: number;
}

export interface JourneyPayment {
  paymentId: string;
  scenario: string;
  status: string;
}

interface Started {
  paymentId: string;
  scenario: Scenario;
  phone: string;
  tenant: ExampleTenant;
}

const FINAL = new Set(["cancelled", "completed", "expired", "failed"]);
const POLL_MS = 200;

// What people type into a field that is meant for an invoice number.
const REFERENCES = ["INV-1001, card 4111 1111 1111 1111", "INV-1002 for jane.doe@example.com"];

/**
 * Makes one payment of each scenario over HTTP and waits until each is final.
 *
 * On the way it does what people do: a card number typed into the reference, a phone number in a
 * link and in a user agent. None of it may be seen in what the telemetry shows afterwards. And one tenant asks for a
 * payment of another one, which must be refused.
 * Rejects with one sentence when a payment does not become final, or ends otherwise than it should.
 */
export async function runJourney({
  serviceUrl,
  payments = scenarios,
  deadlineMs = 30_000,
}: JourneyOptions): Promise<JourneyPayment[]> {
  const deadline = Date.now() + deadlineMs;
  const started: Started[] = [];
  for (const [index, scenario] of payments.entries()) {
    const phone = `2547${randomInt(100_000, 1_000_000)}${scenario.digits}`;
    const reference = REFERENCES[index] ?? `INV-${1001 + index}`;
    const tenant = TENANTS[index % TENANTS.length]!;
    started.push({ paymentId: await pay(tenant, phone, reference), scenario, phone, tenant });
  }
  const reached = new Map<string, string>();
  // The ones that nobody calls back for come last, so that the reconciliation finds no other.
  for (const payment of started.toSorted((a, b) => b.scenario.callbacks - a.scenario.callbacks)) {
    const status = await finalStatus(payment);
    const { paymentId, scenario } = payment;
    if (status !== scenario.status) {
      throw new Error(`The payment of "${scenario.name}" is ${status}, not ${scenario.status}.`);
    }
    reached.set(paymentId, status);
  }
  await peek(started[0]!);
  return started.map(({ paymentId, scenario: { name } }) => ({
    paymentId,
    scenario: name,
    status: reached.get(paymentId)!,
  }));

  async function peek({ paymentId, tenant }: Started): Promise<void> {
    const other = TENANTS.find(({ id }) => id !== tenant.id)!;
    const link = `${serviceUrl}/payments/${paymentId}`;
    const { status, body } = await fetch(link, { headers: keyOf(other) });
    await body?.cancel();
    if (status !== 403) throw new Error(`A payment of another tenant was answered ${status}.`);
  }

  async function pay(tenant: ExampleTenant, phone: string, reference: string): Promise<string> {
    const response = await fetch(`${serviceUrl}/payments`, {
      method: "POST",
      headers: {
        ...keyOf(tenant),
        "content-type": "application/json",
        "idempotency-key": randomUUID(),
        "user-agent": `till/1.0 (+${phone})`,
      },
      body: JSON.stringify({ phone, amount: "1500.00", reference }),
    });
    // A payment that the provider refused has an id too.
    const { id, paymentId = id } = await objectOf(response);
    if (typeof paymentId === "string") return paymentId;
    throw new Error(`POST /payments answered ${response.status} and no payment.`);
  }

  async function finalStatus({ paymentId, scenario, phone, tenant }: Started): Promise<string> {
    for (;;) {
      // The link of a support desk, which finds a customer by the phone number.
      const link = `${serviceUrl}/payments/${paymentId}?msisdn=${phone}`;
      const { status } = await objectOf(await fetch(link, { headers: keyOf(tenant) }));
      if (FINAL.has(String(status))) return String(status);
      if (Date.now() > deadline) {
        throw new Error(`Payment ${paymentId} is still ${String(status)} after ${deadlineMs} ms.`);
      }
      await after(POLL_MS);
      if (scenario.callbacks === 0) await reconcile(tenant);
    }
  }

  async function reconcile(tenant: ExampleTenant): Promise<void> {
    const response = await fetch(`${serviceUrl}/reconcile?olderThanMs=${POLL_MS}`, {
      method: "POST",
      headers: keyOf(tenant),
    });
    if (!response.ok) throw new Error(`POST /reconcile answered ${response.status}.`);
  }
}

function keyOf({ apiKey }: ExampleTenant): Record<string, string> {
  return { authorization: `Bearer ${apiKey}` };
}

async function objectOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}
