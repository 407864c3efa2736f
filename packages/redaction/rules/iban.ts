// The countries of engine/iban.ts, which has their lengths.
const COUNTRIES =
  "A[DELOTZ]|B[AEFGHIJLRY]|C[FGHIMRVYZ]|D[EJKOZ]|E[EGS]|F[IKOR]|G[ABEFILPQRTW]|H[NRU]|I[ELQRST]|JO|K[MWZ]|L[BCITUVY]|M[ACDEFGKLNQRTUZ]|N[CEILO]|OM|P[FKLMST]|QA|R[EOSU]|S[ACDEIKMNOTV]|T[DFGLNR]|UA|V[AG]|WF|XK|Y[ET]";
// Between groups, as it is printed and as it stands in a query.
const GAP = "(?:[ +]|%20)?";

/** International bank account numbers by country length and check digits (ISO 13616). */
export const iban = {
  name: "iban",
  patterns: {
    // No country has a shorter one than fifteen characters.
    head: new RegExp(
      `(?<![A-Za-z0-9])(?:IBAN)?(?=${COUNTRIES})([A-Z]{2})[ -]?\\d{2}(?=(?:[ \\-._+/\\n\\t]?[A-Z0-9]){11})`,
      "gi",
    ),
  },
  re2: [
    {
      what: "IBAN, in capitals: in small letters it looks like a hex id.",
      // The longer form first: what matches first ends the search.
      pattern: new RegExp(
        `\\b(?:${COUNTRIES})\\d{2}${GAP}(?:[A-Z0-9]{4}${GAP}){2}(?:(?:[A-Z0-9]{4}${GAP}){1,5}[A-Z0-9]{1,4}|[A-Z0-9]{3,4})\\b`,
      ),
      finds: ["debit DE89370400440532013000", "GB82 WEST 1234 5698 7654 32"],
      mistakes: ["DE00265859690728908644", "DE89370400440532013001"],
    },
  ],
  removes: [
    "debit DE89370400440532013000",
    "de89370400440532013000",
    "GB82 WEST 1234 5698 7654 32",
    "MT84MALT011000012345MTLCAST001S",
    "gb82-west-1234-5698-7654-32",
  ],
  keeps: [
    "DE00265859690728908644",
    "DE89370400440532013001",
    "BIC DEUTDEFF500",
    "MR20261121ABC",
    "XX89370400440532013000",
  ],
};
