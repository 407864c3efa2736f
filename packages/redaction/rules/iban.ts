/** International bank account numbers by country length and check digits (ISO 13616). */
export const iban = {
  name: "iban",
  patterns: {
    head: /(?<![A-Za-z0-9])(?:IBAN)?([A-Za-z]{2})[ -]?\d{2}/gi,
  },
  removes: [
    "debit DE89370400440532013000",
    "de89370400440532013000",
    "GB82 WEST 1234 5698 7654 32",
    "MT84MALT011000012345MTLCAST001S",
    "gb82-west-1234-5698-7654-32",
  ],
  keeps: ["DE89370400440532013001", "BIC DEUTDEFF500", "MR20261121ABC", "XX89370400440532013000"],
};
