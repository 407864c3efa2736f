import { expect, test } from "vitest";
import { outputs } from "../scripts/outputs.mts";
import { prometheusNameOf } from "../scripts/prometheus.mts";
import { temporaryRoot } from "./temporary-root.ts";

const ROUTE = "{ ref: http.route, requirement_level: recommended }";
const RECEIPT = 'brief: "M-Pesa receipt number."';
const HEAD = "file_format: definition/2\nattributes:\n";
const added = (key: string, rest = "", type = "string") =>
  `${HEAD}  - key: ${key}\n    type: ${type}\n    stability: development\n    brief: Something.\n    examples: [x]\n${rest}    annotations:\n      data_protection: { class: internal, action: scan }\n      cardinality: { class: unbounded }\n`;

interface Broken {
  fault: string;
  file: string;
  from: string;
  to: string;
  sentence: string;
}

const cases: Broken[] = [
  {
    fault: "a name with a capital letter",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("finance.budget.Owner"),
    sentence:
      'The attribute finance.budget.Owner is not a name: small letters and digits, parts joined by "." or "_".',
  },
  {
    fault: "an attribute without a namespace",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("owner"),
    sentence: "The attribute owner has no namespace: write finance.owner.",
  },
  {
    fault: "an attribute in a namespace that nobody declared",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("finance.weather.wind"),
    sentence: "The attribute finance.weather.wind is in no namespace of namespaces.yaml.",
  },
  {
    fault: "a name that is the namespace of another",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("finance.payment.amount"),
    sentence:
      "The attribute finance.payment.amount is also the namespace of finance.payment.amount.minor: rename one of them.",
  },
  {
    fault: "two names with one constant",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("finance.budget_id"),
    sentence: "have the same constant, FINANCE_BUDGET_ID.",
  },
  {
    fault: "an attribute that is defined twice",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("finance.budget.id"),
    sentence: "The attribute finance.budget.id is defined twice.",
  },
  {
    fault: "an enum with the same value twice",
    file: "attributes.outcome.yaml",
    from: "id: expired, value: expired",
    to: "id: expired, value: failed",
    sentence: "finance.outcome (attributes.outcome.yaml) has two members with the value failed.",
  },
  {
    fault: "an enum with the same member twice",
    file: "attributes.outcome.yaml",
    from: "id: expired, value: expired",
    to: "id: failed, value: expired",
    sentence: "finance.outcome (attributes.outcome.yaml) has two members with the id failed.",
  },
  {
    fault: "an attribute without a class",
    file: "attributes.currency.yaml",
    from: "data_protection: { class: internal, action: scan }",
    to: "data_protection: { action: scan }",
    sentence:
      "finance.currency.code (attributes.currency.yaml) has no data class: set annotations.data_protection.class to one of public, internal, confidential, pii, credential, pci_chd, pci_sad.",
  },
  {
    fault: "an attribute without an action",
    file: "attributes.currency.yaml",
    from: "data_protection: { class: internal, action: scan }",
    to: "data_protection: { class: internal }",
    sentence:
      "finance.currency.code (attributes.currency.yaml) has no action: set annotations.data_protection.action to one of keep, scan, remove, mask, hash, numeric_id.",
  },
  {
    fault: "personal data that is kept",
    file: "attributes.merchant.yaml",
    from: "{ class: pii, action: hash }",
    to: "{ class: pii, action: keep }",
    sentence: "is pii and its action is keep: use remove, mask or hash.",
  },
  {
    fault: "a card number that is no deny entry",
    file: "denied.card.yaml",
    from: "      code_generation: { exclude: true }\n",
    to: "",
    sentence:
      "finance.card.pan (denied.card.yaml) is pci_chd and no deny entry: set annotations.code_generation.exclude.",
  },
  {
    fault: "a signal that has a deny entry",
    file: "metrics.security.yaml",
    from: ROUTE,
    to: "{ ref: finance.card.pan, requirement_level: recommended }",
    sentence:
      "finance.tenant.isolation.violations refers to finance.card.pan, which is a deny entry.",
  },
  {
    fault: "an unbounded label",
    file: "metrics.security.yaml",
    from: ROUTE,
    to: "{ ref: mpesa.receipt.number, requirement_level: recommended }",
    sentence:
      "finance.tenant.isolation.violations has mpesa.receipt.number, which is unbounded: put it on the span instead.",
  },
  ...["finance.tenant.id", "finance.customer.id", "finance.payment.id", "user.id"].map((key) => ({
    fault: `${key} on a metric`,
    file: "metrics.security.yaml",
    from: ROUTE,
    to: `{ ref: ${key}, requirement_level: opt_in }`,
    sentence: `finance.tenant.isolation.violations has ${key}: tenants, customers and payments are on spans, never on a metric.`,
  })),
  {
    fault: "a label whose values are many, on a metric without a limit",
    file: "metrics.business.yaml",
    from: "cardinality: { max_series: 2000 }",
    to: "cardinality: {}",
    sentence:
      "finance.license.keys_issued has finance.product.id, which is scoped: set annotations.cardinality.max_series on the metric.",
  },
  {
    fault: "a unit that is not UCUM",
    file: "metrics.security.yaml",
    from: "{violation}",
    to: "violations",
    sentence: "finance.tenant.isolation.violations has the unit violations, which is not UCUM.",
  },
  {
    fault: "money without its currency",
    file: "metrics.business.yaml",
    from: 'name: finance.license.keys_issued\n    instrument: counter\n    unit: "{key}"',
    to: 'name: finance.license.keys_issued\n    instrument: counter\n    unit: "{minor_unit}"',
    sentence: "finance.license.keys_issued is money and does not require finance.currency.code.",
  },
  {
    fault: "a histogram that lost the boundary of a threshold",
    file: "metrics.payment.yaml",
    from: " 1.2,",
    to: "",
    sentence: "finance.payment.duration has no bucket boundary at 1.2 s, which is a threshold.",
  },
  {
    fault: "a reference to an attribute that OpenTelemetry's package does not export",
    file: "imports.yaml",
    from: "key: http.route",
    to: "key: http.path",
    sentence: "imports.yaml names http.path, which OpenTelemetry's package does not export.",
  },
  {
    fault: "a reference that leads nowhere",
    file: "metrics.security.yaml",
    from: ROUTE,
    to: "{ ref: finance.nothing, requirement_level: recommended }",
    sentence:
      "finance.tenant.isolation.violations refers to finance.nothing, which neither the registry nor imports.yaml defines.",
  },
  {
    fault: "a renamed attribute that does not say to what",
    file: "attributes.mpesa.yaml",
    from: RECEIPT,
    to: `${RECEIPT}\n    deprecated: { reason: renamed }`,
    sentence:
      "mpesa.receipt.number is renamed and does not say to what: set deprecated.renamed_to.",
  },
  {
    fault: "a renamed attribute whose new name nobody defines",
    file: "attributes.mpesa.yaml",
    from: RECEIPT,
    to: `${RECEIPT}\n    deprecated: { reason: renamed, renamed_to: mpesa.receipt.id }`,
    sentence: "mpesa.receipt.number is renamed to mpesa.receipt.id, which no file defines.",
  },
  {
    fault: "an attribute that no signal has",
    file: "attributes.budget.yaml",
    from: HEAD,
    to: added("finance.budget.owner"),
    sentence: "finance.budget.owner is on no signal and is no deny entry: use it or remove it.",
  },
  {
    fault: "an attribute of OpenTelemetry without a class",
    file: "upstream.yaml",
    from: "  - { key: android.os.api_level, class: public, action: keep }\n",
    to: "",
    sentence:
      "OpenTelemetry's package names android.os.api_level, which has no class in upstream.yaml.",
  },
  {
    fault: "a key that the format does not have",
    file: "metrics.security.yaml",
    from: "instrument: counter",
    to: "instrument: counter\n    colour: red",
    sentence: 'metrics.security.yaml/metrics/0 must NOT have additional properties ("colour").',
  },
  {
    fault: "a category of errors without a severity",
    file: "severities.yaml",
    from: "  - { name: authentication, severity: high }\n",
    to: "",
    sentence: "severities.yaml does not have each member of finance.error.category once.",
  },
  {
    fault: "a category of errors with a severity that is none",
    file: "severities.yaml",
    from: "authentication, severity: high",
    to: "authentication, severity: grave",
    sentence: "severities.yaml gives authentication the severity grave, which is none of its own.",
  },
  {
    fault: "a file in no known format",
    file: "attributes.budget.yaml",
    from: "definition/2",
    to: "definition/1",
    sentence: "attributes.budget.yaml says file_format definition/1; use one of definition/2,",
  },
];

test.each(cases)(
  "$fault stops the generator with one sentence",
  async ({ file, from, to, sentence }) => {
    using root = temporaryRoot();
    root.edit(file, from, to);
    await expect(outputs(root.path, prometheusNameOf)).rejects.toThrow(sentence);
  },
);
