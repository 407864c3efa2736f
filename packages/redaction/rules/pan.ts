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
