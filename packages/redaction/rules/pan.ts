// Where a number may begin so that no longer number, word or fraction runs on: the start of the text, a character that
// is no letter, digit or dot, a dot after a letter, an underscore, a percent escape. So hex ids, UUIDs, timestamps,
// fractions and ws_CO_191220191020363925 stay whole. An id of exactly 16 decimal digits that begins like a card does not;
// of ids of 16 hexadecimal digits that is one in some 7,000.
const EDGE = String.raw`(?:^|[^\w.]|\D\.|_|%[0-9A-Fa-f]{2})`;

// Visa, Mastercard, Amex, Diners, JCB, Discover, UnionPay, Maestro, Verve, Mir.
const NETWORKS = [
  String.raw`4\d{15}(?:\d{3})?`,
  String.raw`5[0-8]\d{14}(?:\d{3})?`,
  String.raw`2(?:20[0-4]|22[1-9]|2[3-9]\d|[3-6]\d{2}|7[01]\d|720)\d{12}`,
  String.raw`3[47]\d{13}`,
  String.raw`3(?:0[0-5]|[68]\d)\d{11}`,
  String.raw`35(?:2[89]|[3-8]\d)\d{12}`,
  String.raw`6(?:011|[37]\d{2}|4[4-9]\d|5\d{2})\d{12}(?:\d{3})?`,
  String.raw`62\d{14,17}`,
];

/** Card numbers of every network, in every grouping in which they are printed, typed or formatted. */
export const pan = {
  name: "pan",
  patterns: {
    // A word just before says that what follows is a card.
    cardWord:
      /(?:^|[^a-z0-9])(?:cards?|pan|pans|visa|mastercard|amex|american express|discover|diners|jcb|unionpay|maestro|verve|rupay|ccn?|cc ?num(?:ber)?|credit|debit|primary account number|cardno|cardnumber|kadi|carte|cart\S{1,2}o|tarjeta)(?![a-z])/,
    // Go and Python print a large float that way.
    exponent: /(?<![\d.])(\d)\.(\d{8,18})e\+?(1[1-8])(?!\d)/gi,
  },
  re2: [
    {
      what: "Card numbers in one piece; an id of 16 decimal digits that begins like one is masked as well.",
      pattern: new RegExp(`${EDGE}(?:${NETWORKS.join("|")})(?:\\b|_)`),
      finds: ["declined 4111111111111111 by issuer", "pan=6759649826438453"],
      mistakes: ["***4111111111111111"],
    },
    {
      what: "Card numbers in groups of four.",
      pattern: new RegExp(
        `${EDGE}(?:4\\d{3}|5[0-8]\\d{2}|2[2-7]\\d{2}|35\\d{2}|6\\d{3})(?:(?:[ +./\\u00a0\\u202f\\u2012-]|%(?:25)?20)\\d{4}){3}(?:\\b|_)`,
      ),
      finds: ["4111 1111 1111 1111", "4111-1111-1111-1111"],
      mistakes: [],
    },
    {
      what: "Numbers of Amex and Diners in groups.",
      pattern: /\b3\d{3}(?:[ +-]|%20)\d{6}(?:[ +-]|%20)\d{4,5}\b/,
      finds: ["3782 822463 10005"],
      mistakes: [],
    },
  ],
  removes: [
    "declined 4111111111111111 by issuer",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "3782 822463 10005",
    "card 4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
    "amount 4,111,111,111,111,111",
    "pan=6759649826438453",
    "card 4222222222222",
    "4.111111111111111e+15",
    "4111:1111:1111:1111",
    "card:4111:1111:1111:1111",
    "4111~1111~1111~1111",
    "4111*1111*1111*1111",
    "'41111111' + '11111111'",
    "*384*57*4111111111111111#",
    "kadi 4111111111111111110 imekataliwa",
    '["4111","1111","1111","1111"]',
    "['4111', '1111', '1111', '1111']",
  ],
  keeps: [
    "order 9999000011112220",
    "41111111-1111-4111-8111-111111111111",
    "411111******1111",
    "***4111111111111111",
    '"spanId":"6011111111111117a"',
    "2023 2024 2025 2026",
    "0.4111111111111111",
    "2001:db8:4111:1111:1111:1111::1",
    "fe80::4111:1111:1111:1111",
    "1763720130123456",
    "card.created_at=1774388512187",
    "card-service 123456789015",
    '{"id":"52d949cc39aa","ts":1774388512187}',
  ],
};
