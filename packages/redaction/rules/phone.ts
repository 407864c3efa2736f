// Country code and mobile prefixes of networks that pay by phone (E.164, national numbering plans).
// They are long and rare enough to stand without a plus or a word.
const BARE =
  "254[17]\\d{8}|234[789][01]\\d{8}|27[678]\\d{8}|2637[1378]\\d{7}|255[67]\\d{8}|256[347]\\d{8}|233[25]\\d{8}|" +
  "2507[2389]\\d{7}|251[79]\\d{8}|260[79]\\d{8}|265[89]\\d{8}|2588[2-7]\\d{7}|2376\\d{8}|243[89]\\d{8}|" +
  "2250[157]\\d{8}|2217[05678]\\d{7}|2119[12]\\d{7}|2613[2-8]\\d{7}|2449\\d{8}|201[0125]\\d{8}|212[67]\\d{8}|213[567]\\d{8}";

// Where a number may begin so that no longer number, word or fraction runs on: the start of the text, a character that
// is no letter, digit or dot, a dot after a letter, an underscore, a percent escape.
const EDGE = String.raw`(?:^|[^\w.]|\D\.|_|%[0-9A-Fa-f]{2})`;
// The form for contrib knows no words around a number, so it knows fewer of them.
const MOBILE = [
  String.raw`254[ -]?[17]\d{2}[ -]?\d{3}[ -]?\d{3}`,
  String.raw`255[67]\d{8}`,
  String.raw`256[37]\d{8}`,
  String.raw`250[27]\d{8}`,
  String.raw`251[79]\d{8}`,
  String.raw`234[789]\d{9}`,
  String.raw`233[25]\d{8}`,
  String.raw`260[79]\d{8}`,
  String.raw`2637\d{8}`,
  String.raw`0[17]\d{8}`,
];

/** Phone numbers: international ones by their form, African mobile ones without the plus too. */
export const phone = {
  name: "phone",
  patterns: {
    international: /(?<![\w.+*])(?:\+|00) ?\(?[1-9]\d{0,3}\)?(?:[ .\-/()]{0,3}\d){6,14}(?!\d)/g,
    // A latitude or longitude with its sign, but registries write numbers as +1.4155552671.
    coordinate: /^\+(?!1\.\d{10}$)\d{1,3}\.\d{4,}$/,
    national: /(?<![\dA-Za-z*])\(?(?:00|011)?[02]\d{2,15}(?!\d)/g,
    bare: new RegExp(`^(?:00|011)?(?:${BARE})$`),
    // Written with a trunk zero only; nothing but a word tells them from other numbers.
    local: /^0(?:[17]\d{8}|[2-9]\d{8}|[789][01]\d{8})$/,
    // As numbers are printed where they are at home; nothing else with a zero in front is.
    grouped:
      /^0(?:[17]\d{2}([ -])\d{3}[ -]\d{3}|[789][01]\d{1}[ -]\d{3}[ -]\d{4}|[789][01]\d{2}[ -]\d{3}[ -]\d{4}|[678]\d[ -]\d{3}[ -]\d{4})$/,
    // A word just before that says what else so many digits are.
    other:
      /(?:^|[^a-z])(?:(?:invoice|order|receipt|ticket|tracking|serial|batch|booking|waybill|voucher|cheque|policy|purchase order)s?[ _.-]?(?:number|no|num|nr|id|#)?|rrn|retrieval reference(?: number)?|stan|aws(?:[ _-]?account)?(?:[ _-]?id)?|arn:aws[\w-]*:[\w:-]*|amazonaws\.com)[\s:=#."'/(-]{0,5}$/,
    registry: /\.dkr\.ecr\./,
    // The name of a pod ends so.
    pod: /-[bcdfghj-np-tv-z2456789]{5}(?![A-Za-z0-9])/,
    american:
      /(?<![\w.\-+*])(?:1[ .-])?(?:\([2-9]\d{2}\) ?|(?<=1[ .-])[2-9]\d{2}[ .-])[2-9]\d{2}[ .-]\d{4}(?![\w-])/g,
    word: /(?:^|[^a-z])(?:phones?|phone ?number|mobile|msisdn|tel|telephone|cell|cellphone|whatsapp|sms|call|called|caller|dial|contact|subscriber|m-?pesa|payer|payee|recipient|receiver|sender|beneficiary|customer|user|push|airtime|party[ab]?|to|from|number|airtel|safaricom|mtn|vodacom|tigo|ecocash|telebirr|wallet|simu|kutoka|kwa|for|via|ussd|sim|buy|top-?up|telefone|t\S{1,2}l\S{1,2}phone)(?![a-z])/,
  },
  re2: [
    {
      what: "Phone numbers with a plus, anywhere in the world.",
      pattern: /(?:^|\W|_)(?:\+|%2[Bb]|00)[1-9](?:[ ().-]{0,2}\d){9,14}\b/,
      finds: ["+254 712 345 678", "+1 (415) 555-2671", "00254712345678"],
      mistakes: ["geo +36.8219462345678"],
    },
    {
      what: "Without a plus the mobile ranges of Kenya, Tanzania, Uganda, Rwanda, Ethiopia, Nigeria, Ghana, Zambia, Zimbabwe; Kenya's in local form.",
      pattern: new RegExp(`${EDGE}(?:${MOBILE.join("|")})(?:\\b|_)`),
      finds: ["254110345678", "263772123456", "sent to 0712345678"],
      mistakes: [
        "0712345678",
        "invoice number 0712345678",
        "order no. 0712345678 sent to the shop",
        "rrn 254712345678",
        "rrn=254712345678",
        "arn:aws:iam::254712345678:role/app",
        "aws account 254712345678",
        "254712345678.dkr.ecr.eu-west-1.amazonaws.com/app:1",
        "https://sqs.eu-west-1.amazonaws.com/254712345678/q",
      ],
    },
  ],
  removes: [
    "+254712345678",
    "254110345678",
    "263772123456",
    "+254 712 345 678",
    "+1 (415) 555-2671",
    "(415) 555-2671",
    "1-415-555-2671",
    "call 0712 345 678",
    "+254 (0) 712 345678",
    "00254712345678",
    "sent to 0712345678",
    "tel:+44-20-7946-0958",
    "0712-345-678",
    "namba ya simu 0706730340",
    "buy 100 for 0733747935 via USSD",
    "SIM 0707194860 swapped",
    "0803 123 4567",
    "082 123 4567",
  ],
  keeps: [
    "0712345678",
    "total 1,234,567,890.12",
    "ws_CO_191220191020363925",
    "29115-34620561-1",
    "geo +36.8219462345678",
    "10.123.145.167:54321",
    "1.2.3+20261121",
    "invoice number 0712345678",
    "order no. 0712345678 sent to the shop",
    "rrn 254712345678",
    "rrn=254712345678",
    "arn:aws:iam::254712345678:role/app",
    "aws account 254712345678",
    "254712345678.dkr.ecr.eu-west-1.amazonaws.com/app:1",
    "https://sqs.eu-west-1.amazonaws.com/254712345678/q",
    "sms-otp-0647512345-x2b4z",
  ],
};
