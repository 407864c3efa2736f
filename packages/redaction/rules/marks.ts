/** What redaction writes. */
export const marks = {
  name: "marks",
  patterns: {
    marker: /\[(?:card|sad|credential|email|phone|iban|account|id|removed)\]/,
    pseudonym: /p1\.[A-Za-z0-9_-]{1,16}\.[a-z2-7]{26}(?![A-Za-z0-9])/,
    // The rest of a marker of which the beginning was cut off.
    tail: /^[a-z]{1,12}\]/,
  },
  /** A whole value that redaction wrote, in the application or before. */
  whole: [
    /^\[(?:card|sad|credential|email|phone|iban|account|id|removed|redacted)\]$/,
    /^\d{0,6}[*•xX]{3,}\d{0,4}$/,
  ],
  removes: [],
  keeps: [],
};
