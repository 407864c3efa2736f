import {
  ATTR_FINANCE_ERROR_CATEGORY,
  ATTR_FINANCE_ERROR_SEVERITY,
  FINANCE_ERROR_CATEGORY_VALUE_AUTHENTICATION,
  FINANCE_ERROR_CATEGORY_VALUE_COMPLIANCE_ISSUE,
  FINANCE_ERROR_CATEGORY_VALUE_PAYMENT_PROCESSING,
  FINANCE_ERROR_CATEGORY_VALUE_SECURITY_VIOLATION,
  FINANCE_ERROR_SEVERITY_VALUE_CRITICAL,
  FINANCE_ERROR_SEVERITY_VALUE_SECURITY_CRITICAL,
} from "@assay/semconv/error";
import {
  ATTR_FINANCE_FAILURE_DOMAIN,
  FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER,
} from "@assay/semconv/outcome";

/** The teams that own alerts; the configuration gives each one's id in Sentry. */
export const TEAMS = ["finance", "security", "compliance"] as const;
export type Team = (typeof TEAMS)[number];

/** The channels that alerts go to. */
export const CHANNELS = [
  "#finance-alerts",
  "#payments-critical",
  "#security-alerts",
  "#compliance-critical",
] as const;
export type Channel = (typeof CHANNELS)[number];

/** The services of PagerDuty that alerts call. */
export const SERVICES = ["Finance", "Security", "Compliance"] as const;
export type Service = (typeof SERVICES)[number];

/** An event counts when the tag has one of the values, or with `not`, none of them. */
export interface TagMatch {
  tag: string;
  values: readonly string[];
  not?: true;
}

/** The number of errors with these tags, or the part of spans that failed, from 0 to 1. */
export type Measure = { of: "errors"; where: readonly TagMatch[] } | { of: "failure rate" };

/** Fires when the measure over `windowSeconds` is above the rule's `above`. */
export interface Stage {
  /** 0 for the first; a later one escalates. */
  afterMinutes: number;
  windowSeconds: number;
  channels: readonly Channel[];
  /** Whose members Sentry mails. */
  mail: readonly Team[];
  pages: readonly Service[];
}

export interface AlertRule {
  name: string;
  /** What has happened when it fires. */
  says: string;
  /** P0 and P1 wake somebody, as in the registry's severities. */
  priority: "P0" | "P1" | "P2" | "P3";
  /** The owner. */
  team: Team;
  measure: Measure;
  above: number;
  stages: readonly Stage[];
  /** The runbook, in order. */
  firstSteps: readonly string[];
}

/** The rules; every tag is one that `tags.ts` sets. */
export const ALERT_RULES: readonly AlertRule[] = [
  {
    name: "critical-financial-error",
    says: "An error of severity critical or security_critical happened; security and compliance, which have rules of their own, are not counted.",
    priority: "P0",
    team: "finance",
    measure: {
      of: "errors",
      where: [
        {
          tag: ATTR_FINANCE_ERROR_SEVERITY,
          values: [
            FINANCE_ERROR_SEVERITY_VALUE_CRITICAL,
            FINANCE_ERROR_SEVERITY_VALUE_SECURITY_CRITICAL,
          ],
        },
        {
          tag: ATTR_FINANCE_ERROR_CATEGORY,
          values: [
            FINANCE_ERROR_CATEGORY_VALUE_AUTHENTICATION,
            FINANCE_ERROR_CATEGORY_VALUE_SECURITY_VIOLATION,
            FINANCE_ERROR_CATEGORY_VALUE_COMPLIANCE_ISSUE,
          ],
          not: true,
        },
      ],
    },
    above: 0,
    stages: [
      {
        afterMinutes: 0,
        windowSeconds: 60,
        channels: ["#finance-alerts"],
        mail: ["finance"],
        pages: ["Finance"],
      },
    ],
    firstSteps: [
      "Open the newest event with this severity and take its payment id and trace id.",
      "Open the trace in Jaeger: did money move, and what does the provider say of it?",
      "If it may have moved, ask the provider before anything is sent again.",
    ],
  },
  {
    name: "payment-failures",
    says: "Three payments failed, customers' own failures not counted.",
    priority: "P1",
    team: "finance",
    measure: {
      of: "errors",
      where: [
        {
          tag: ATTR_FINANCE_ERROR_CATEGORY,
          values: [FINANCE_ERROR_CATEGORY_VALUE_PAYMENT_PROCESSING],
        },
        {
          tag: ATTR_FINANCE_FAILURE_DOMAIN,
          values: [FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER],
          not: true,
        },
      ],
    },
    above: 2,
    stages: [
      {
        afterMinutes: 0,
        windowSeconds: 300,
        channels: ["#payments-critical"],
        mail: ["finance"],
        pages: ["Finance"],
      },
    ],
    firstSteps: [
      "Group the events by provider, rail and failure code: one provider, or all?",
      "If one provider fails, look at its status page and route around it where that is possible.",
      "If all fail, look at the newest release and at the database's pool.",
    ],
  },
  {
    name: "authentication-security",
    says: "An error of authentication or a security violation happened.",
    priority: "P0",
    team: "security",
    measure: {
      of: "errors",
      where: [
        {
          tag: ATTR_FINANCE_ERROR_CATEGORY,
          values: [
            FINANCE_ERROR_CATEGORY_VALUE_AUTHENTICATION,
            FINANCE_ERROR_CATEGORY_VALUE_SECURITY_VIOLATION,
          ],
        },
        {
          tag: ATTR_FINANCE_FAILURE_DOMAIN,
          values: [FINANCE_FAILURE_DOMAIN_VALUE_CUSTOMER],
          not: true,
        },
      ],
    },
    above: 0,
    stages: [
      {
        afterMinutes: 0,
        windowSeconds: 60,
        channels: ["#security-alerts"],
        mail: ["security"],
        pages: ["Security"],
      },
    ],
    firstSteps: [
      "Group the events by user pseudonym and tenant: one account, or many?",
      "Look up the same pseudonyms in the logs of the last hour; `assay-token` makes one from an id.",
      "If an account is taken over, end its sessions and stop its payments, then call its owner.",
    ],
  },
  {
    name: "compliance-issue",
    says: "A compliance issue happened.",
    priority: "P0",
    team: "compliance",
    measure: {
      of: "errors",
      where: [
        {
          tag: ATTR_FINANCE_ERROR_CATEGORY,
          values: [FINANCE_ERROR_CATEGORY_VALUE_COMPLIANCE_ISSUE],
        },
      ],
    },
    above: 0,
    stages: [
      {
        afterMinutes: 0,
        windowSeconds: 60,
        channels: ["#compliance-critical"],
        mail: ["compliance"],
        pages: ["Compliance"],
      },
    ],
    firstSteps: [
      "Read which control the event names, and when it last held.",
      "Take the audit records of that time and verify them before they are used as evidence.",
      "Ask the compliance officer whether a term for telling the regulator has begun.",
    ],
  },
  {
    name: "error-rate",
    says: "More than 5 % of the spans failed.",
    priority: "P2",
    team: "finance",
    measure: { of: "failure rate" },
    above: 0.05,
    stages: [
      {
        afterMinutes: 0,
        windowSeconds: 300,
        channels: ["#finance-alerts"],
        mail: ["finance"],
        pages: [],
      },
      {
        afterMinutes: 15,
        windowSeconds: 900,
        channels: ["#payments-critical"],
        mail: ["finance"],
        pages: ["Finance"],
      },
    ],
    firstSteps: [
      "Group the failed spans by service and route: where does it begin?",
      "Compare with the time of the newest release; roll back when they agree.",
      "Look at the providers' error rates in Prometheus, which counts every call.",
    ],
  },
];
