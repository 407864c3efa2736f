/** National identifiers whose form is enough to know them by. */
export const identity = {
  name: "identity",
  patterns: {
    // United States: never area 000, 666 or 9xx, group 00 or serial 0000.
    usSsn: /(?<![\w.-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-]|\.\d)/g,
    zimbabwe: /(?<![\w-])\d{2}[- ]?\d{6,7}[- ]?[A-Z][- ]?\d{2}(?![\w-])/g,
    ghana: /(?<![\w-])GHA-?\d{9}-?\d(?![\w-])/g,
    kenyaTax: /(?<![A-Za-z0-9])[AP]\d{9}[A-Z](?![A-Za-z0-9])/g,
    southAfrica: /(?<![\w.])\d{13}(?![\w]|\.\d)/g,
    southAfricaGrouped: /(?<![\w.-])\d{6}[ -]\d{4}[ -]\d{3}(?![\w-]|\.\d)/g,
    word: /(?:^|[^a-z])(?:id|identity|rsa|national)(?![a-z])/,
  },
  removes: [
    "customer 536-22-8726",
    "customer 63-1234567F12",
    "kra A123456789Z",
    "id 8001015009087",
    "63-1234567 F 12",
    "63-1234567-F-12",
    "card GHA-123456789-0",
    "applicant 800101 5009 087",
  ],
  keeps: ["000-12-3456", "666-12-3456", "20-00-00", "2026-11-21", "1748503543012", "NLJ7RT61SV"],
};
