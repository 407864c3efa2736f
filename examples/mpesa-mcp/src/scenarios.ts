/** An answer by which Daraja does not take a request. */
export interface Refusal {
  status: number;
  errorCode: string;
  errorMessage: string;
  headers?: Record<string, string>;
}

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
  /** The customer takes longer. */
  isLate?: boolean;
  /** The push is not taken, and nobody is asked for money. */
  refusal?: Refusal;
  /** When the push is acknowledged: before the callback unless it says otherwise. */
  acknowledged?: "after" | "never";
  /** Daraja forgets the access token just before the push. */
  isTokenLost?: boolean;
}

const success: Scenario = {
  name: "success",
  digits: "01",
  result: { code: 0, description: "The service request is processed successfully." },
  status: "completed",
  callbacks: 1,
};

const spikeArrest: Refusal = {
  status: 429,
  errorCode: "500.003.02",
  errorMessage: "Spike arrest violation.",
  headers: {
    "retry-after": "1",
    "ratelimit-policy": '"spike-arrest";q=5;w=1',
    ratelimit: '"spike-arrest";r=0;t=1',
  },
};

/** Every scenario, in the order in which the journey goes through them. */
export const scenarios: readonly Scenario[] = [
  success,
  { ...success, name: "delayed success", digits: "02", isLate: true },
  { ...success, name: "duplicate callback", digits: "03", callbacks: 3 },
  ended("04", "customer cancellation", "cancelled", 1032, "Request cancelled by user."),
  ended("05", "insufficient funds", "failed", 1, "The balance is insufficient."),
  ended("06", "no answer in time", "expired", 1037, "The user cannot be reached."),
  {
    ...success,
    name: "provider 500",
    digits: "07",
    status: "failed",
    callbacks: 0,
    refusal: { status: 500, errorCode: "500.001.1001", errorMessage: "The system is busy." },
  },
  { ...success, name: "lost callback", digits: "08", callbacks: 0 },
  { ...success, name: "callback comes first", digits: "09", acknowledged: "after" },
  { ...success, name: "time-out, then success", digits: "10", acknowledged: "never" },
  { ...success, name: "token expired", digits: "11", isTokenLost: true },
  {
    ...success,
    name: "spike arrest",
    digits: "12",
    status: "failed",
    callbacks: 0,
    refusal: spikeArrest,
  },
  ended("13", "limit of the day", "failed", 17, "The limit is reached."),
  ended("14", "system busy", "failed", 26, "The system is busy."),
  ended("15", "subscriber locked", "failed", 1001, "The subscriber has another transaction."),
  ended("16", "transaction expired", "expired", 1019, "The transaction has expired."),
  ended("17", "push not sent", "failed", 1025, "The push could not be sent."),
  ended("18", "wrong PIN", "failed", 2001, "The initiator information is invalid."),
  ended("19", "error without a name", "failed", 9999, "The push could not be sent."),
];

function ended(
  digits: string,
  name: string,
  status: Scenario["status"],
  code: number,
  description: string,
): Scenario {
  return { name, digits, status, callbacks: 1, result: { code, description } };
}

/** The scenario of a phone number; any ending that is not in the table is a success. */
export function scenarioOf(phone: string): Scenario {
  return scenarios.find(({ digits }) => phone.endsWith(digits)) ?? success;
}
