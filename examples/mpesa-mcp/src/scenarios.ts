/** What the fake Daraja does with a payment; the last two digits of the phone number choose it. */
export interface Scenario {
  name: string;
  /** Last two digits of the phone number. */
  digits: string;
  /** ResultCode and ResultDesc that the customer's answer leads to. */
  result: { code: number; description: string };
  /** Status that the service must arrive at. */
  status: "cancelled" | "completed" | "expired" | "failed";
  /** How often the callback is sent. */
  callbacks: number;
  isLate?: boolean;
  isRefused?: boolean;
}

const completed = { code: 0, description: "The service request is processed successfully." };

const success: Scenario = {
  name: "success",
  digits: "01",
  result: completed,
  status: "completed",
  callbacks: 1,
};

/** Every scenario, in the order in which the journey goes through them. */
export const scenarios: readonly Scenario[] = [
  success,
  { ...success, name: "delayed success", digits: "02", isLate: true },
  { ...success, name: "duplicate callback", digits: "03", callbacks: 3 },
  {
    name: "customer cancellation",
    digits: "04",
    result: { code: 1032, description: "Request cancelled by user." },
    status: "cancelled",
    callbacks: 1,
  },
  {
    name: "insufficient funds",
    digits: "05",
    result: { code: 1, description: "The balance is insufficient for the transaction." },
    status: "failed",
    callbacks: 1,
  },
  {
    name: "no answer in time",
    digits: "06",
    result: { code: 1037, description: "DS timeout user cannot be reached." },
    status: "expired",
    callbacks: 1,
  },
  {
    ...success,
    name: "provider 500",
    digits: "07",
    status: "failed",
    callbacks: 0,
    isRefused: true,
  },
  { ...success, name: "lost callback", digits: "08", callbacks: 0 },
];

/** The scenario of a phone number; any ending that is not in the table is a success. */
export function scenarioOf(phone: string): Scenario {
  return scenarios.find(({ digits }) => phone.endsWith(digits)) ?? success;
}
