// Words and marks between the name of a thing and the thing.
const WORDS =
  "codes?|numbers?|no|num|nr|value|is|was|of|entered|provided|supplied|given|set|changed|to|reset|new|for|from|used|matched|with|mismatch|incorrect|wrong|got|ya|m-?pesa|ni|est|wako|yako|mpya|yangu|namba|nambari|rejected|received|change|actual";
// A status code may follow these, which has no more than three digits.
const OUTCOMES =
  "verification|validation|check|failed|failure|invalid|not|found|sent|generated|attempt";
const EDGE = "(?<![A-Za-z0-9])";

const MARK = String.raw`[\s"'\x60()\[\]:=#.|\-]`;

function fill(words: string): string {
  return `${MARK}{0,5}(?:(?:${words})${MARK}{1,4}){0,3}`;
}

const FILL = fill(WORDS);
const FILL_LONG = fill(`${WORDS}|${OUTCOMES}`);

function named(words: string, value: string, between = FILL_LONG): RegExp {
  return new RegExp(`${EDGE}(?:${words})${between}(${value})`, "gi");
}

const PASSWORD =
  "password|passwd|pwd|passphrase|passcode|pass ?key|secret(?:[ _-]?key)?|client[ _-]?secret|api[ _-]?(?:key|token|secret)|(?:access|auth|refresh|bearer|session|id)[ _-]token|consumer[ _-](?:key|secret)|private key|security credential|initiator password|neno la siri";

/** Secrets in sentences and statements: `pin is 4821`, `routing number 021000021`, `PASSWORD 'x'`. */
export const prose = {
  name: "prose",
  patterns: {
    cvv: named(
      "(?:cvv2?|cvc2?|csc|cvn2?|cvd2?|cav2?|card (?:security|verification) (?:code|value|number)|security code|verification value)[/_]?",
      String.raw`\d{3,4}(?![\w*-]|[./]\d)`,
      FILL,
    ),
    pin: named(
      "(?<!\\/\\/)(?:[mti]-?|atm |card |upi |wallet |m-?pesa |customer )?pin[/_]?|namba(?:ri)? (?:yako )?ya siri",
      String.raw`\d{4,12}(?:(?: to | ?-> ?|\/|, expected )\d{4,12})?(?![\w*-]|\.\d|:\d)`,
    ),
    pinBlock: named(
      "pin[ _-]?block|pinblck|epb|(?:de|df|f|p|field|bit|fld|data element)[ -]?0?52",
      "[0-9A-F]{16}(?![0-9A-Z])",
    ),
    oneTime: named(
      "(?<!\\/\\/)t?otp|passcode|(?:2fa|mfa) token|one[- ]time[- ](?:password|code|pin|passcode)|(?:2fa|mfa|two[- ]factor|auth(?:entication)?|authori[sz]ation|confirmation|verification|activation|login|log[- ]in|sign[- ]in|access|security|sms|reset|m-?pesa|your|use|enter) code|code secret|votre code|c\\Sdigo|msimbo",
      String.raw`(?:\d{4,8}|\d{3}[ -]\d{3}|\d{2}[ -]\d{2}[ -]\d{2}|\d{4}[ -]\d{4})(?![\w*-]|\.\d)`,
      fill(
        `${WORDS}|${OUTCOMES}|log[- ]?in|sign[- ]?up|registration|transfer|payment|transaction|txn`,
      ),
    ),
    // Messages to customers have the code before what names it: `482913 is your M-PESA code`.
    sentBefore:
      /(?<![A-Za-z0-9])(?:is|as) your (?:[\w-]{1,20} ){0,4}(?:otp|code|pin|passcode|one[- ]time|password)/gi,
    routing: named("routing|aba|rtn|transit|routing transit", String.raw`\d{4}[ -]?\d{5}(?![\w*])`),
    // Words beside which nine digits are a routing number only when their check digit says so.
    wire: named("wire|ach", String.raw`\d{9}(?![\w*-]|\.\d)`),
    sortCode: named("sort[ -]?code", String.raw`\d{2}[ -]?\d{2}[ -]?\d{2}(?![\w*-])`),
    account: named(
      "(?:bank |savings |current |checking )?(?<!aws[ _-])(?:accounts?|acct|acc|a\\/c|nuban|iban|bsb|akaunti|compte|conta)(?: bancaire)?",
      String.raw`[A-Z]{0,4}\d(?:[ -]?\d){6,24}(?![\w*])`,
    ),
    taxId: named(
      "ssn|social security|social insurance|sin|itin|tin|tax id|ein",
      String.raw`\d{2,3}[ -]?\d{2,3}[ -]?\d{3,5}(?![\w*-])`,
    ),
    nationalId: named(
      // Most statements have an id: what stands around it is looked at before the countries.
      `bvn|v?nin|aadhaar|nida|bank verification|national (?:id(?:entity|entification)?(?: card)?|identity card)|id(?: card)?(?= ?(?:number|no|num|#))|(?<![._-])id card|identity(?: card)?|(?<=[aen] )(?=id${MARK}{0,5}[a-z0-9])(?<=kenya |kenyan |nigeria |nigerian |uganda |ugandan |zimbabwe |zimbabwean |south african |rsa )id|(?:huduma|maisha)(?: namba| card)?|alien id|kitambulisho|voter'?s? id|nhif|nssf`,
      String.raw`(?:C[MF][0-9A-Z]{12}|\d{8}-\d{5}-\d{5}-\d{2}|\d \d{4} \d \d{7} \d \d{2}|(?:[A-Z]{2})?\d{7,20}(?:[A-Z]{0,2}\d{0,3}))(?![\w*-]|\.\d)`,
    ),
    passport: named("passports?", String.raw`[A-Z]{0,2}\d{6,9}[A-Z]?(?![\w*])`),
    insurance: named(
      "nino|national insurance|ni",
      String.raw`[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?![\w*])`,
    ),
    licence: named(
      "driver'?s? licen[cs]e|driving licen[cs]e",
      String.raw`[A-Z0-9]{0,5}-?\d{5,12}[A-Z0-9]{0,5}(?![\w*])`,
    ),
    stated: new RegExp(
      `${EDGE}(?:${PASSWORD})\\s{1,3}(?:is|was|are|ni|=>|->|changed to|set to|reset to|provided:|supplied:|given:)\\s{1,3}["'\`]?([^\\s"'\`]{3,200})`,
      "gi",
    ),
    quoted: new RegExp(
      `${EDGE}(?:${PASSWORD}|identified by|requirepass)\\s{1,3}(?:by\\s{1,3})?(?:["'\`]([^"'\`\\n]{1,200})(?:["'\`]|$))`,
      "gi",
    ),
    option:
      // Sorting by `-created_at` has no space behind its word.
      /(?<![\w-])(?=-[a-z-]{4,45} )--?[a-z-]{0,30}(?:password|passwd|passphrase|secret|token|api-?key|pass)[ ]{1,2}["']?([^\s"'-][^\s"']{2,200})/gi,
    user: /(?<![\w-])(?:-u|--user|--proxy-user) {1,2}["']?[^\s:"']{1,64}:([^\s"']{1,200})/g,
    login: /^\s*(?:AUTH|auth)\s+(?!code)(?:[\w.-]{1,40}\s+)?(\S{3,200})\s*$/g,
    assigned:
      /set\s+password\s+(?:for\s+\S{1,100}\s{0,3})?(?:=|to)\s{0,3}["']?([^\s"';,)]{1,200})/gi,
    server: /(?<![A-Za-z0-9])(?:requirepass|masterauth)\s+(\S{3,200})/gi,
    // Two items of a list: ['password', 'Hunter2!'], ['X-Api-Key', 'a1b2'].
    listed: new RegExp(
      `${EDGE}((?:${PASSWORD}|token|otp|pin|cvv2?|cvc2?|authorization|cookie|x-[a-z-]{0,40}|api[_-]?key|apikey))["'],\\s{0,20}["']([^"'\\n]{1,2000})["']`,
      "gi",
    ),
    // What somebody is told to enter.
    entered:
      /(?<![A-Za-z0-9])(?:enter|use|type|input|reply with) (\d{4,8}|\d{3}[ -]\d{3}) to (?:confirm|verify|complete|continue|log ?in|sign ?in|authori[sz]e|approve|activate|reset)/gi,
    // Passwords as some commands take them.
    client:
      /(?<![A-Za-z0-9])(?:redis-cli\s[^\n]{0,200}?-a ["']?|mysql(?:dump|admin)?\s[^\n]{0,200}?\s-p["']?)([^\s"']{3,200})/g,
    // A block within the tags of an envelope.
    envelope:
      /(?<![A-Za-z0-9])(?:ncrptd)?pinblck>\s{0,40}(?:<[\w:]{1,40}>\s{0,40}){1,4}([A-Z0-9+/=]{16,200})/gi,
    // A part of a form as browsers send files: its name, its headers, an empty line and what was entered.
    part: /(?<![A-Za-z0-9])form-data; ?name="([^"\n]{1,64})"(?:;[^\n]{0,300})?\r?\n(?:[a-z-]{1,40}:[^\n]{0,300}\n){0,4}\r?\n([^\r\n]{1,8000})/gi,
    // The account of ISO 20022, which has a number of another kind than IBAN, as XML and as JSON.
    other:
      /(?:<(?:\w{1,20}:)?othr>\s{0,60}<(?:\w{1,20}:)?id>\s{0,20}|["']othr["']\s{0,20}:[\s[{]{1,60}["']id["']\s{0,20}:\s{0,20}["']?)([A-Z0-9][A-Z0-9 -]{4,40})/gi,
    // Parties and accounts of SWIFT messages: `:59:/0123456789`, `:25:0123456789`.
    swift:
      /(?<![A-Za-z0-9]):(?:5\d[A-Z]?:\/(?:[CD]\/)?|25P?:(?:[A-Z]{6}[A-Z0-9]{2,5}\/)?)([A-Z0-9][A-Z0-9-]{4,33})(?![\w*])/g,
    // A name and then the thing itself, with nothing between: it must look like a secret, or like one that was tried.
    beside: new RegExp(`${EDGE}(?:${PASSWORD}|token)\\s{1,2}([^\\s"'\`]{6,200})`, "gi"),
  },
  re2: [
    {
      what: "A PIN or code after its name.",
      pattern: /(?:\b|_)(?:pin|otp|cvv2?|cvc2?|cvn)\s+(?:is\s+)?\d{3,8}\b/i,
      finds: ["pin is 4821", "CVV 987 wrong"],
      mistakes: [],
    },
  ],
  removes: [
    "pin is 4821",
    "CVV 987 wrong",
    "ALTER USER app WITH PASSWORD 'S3cr3tPw!'",
    "routing number 021000021",
    "account number 0123456789",
    "BVN 22123456789 matched",
    "sort code 20-00-00",
    "password was hunter2",
    "your OTP is 482913",
    "mysql --password hunter2",
    "passport no. A1234567",
    "pin block A1B2C3D4E5F60718",
    "password Hunter2!!",
    "['password', 'Hunter2!']",
    "GET /pin/4821",
    "cvv_123",
    "wire to 021000021",
    "customer ID card 12345678",
    "Kenyan ID 27345678",
    "uganda id CM90012345ABCD",
    "RSA ID 8001015009087",
    "maisha namba 123456789",
    "NIN 12345678901",
    "NSSF no 123456789",
    "EPB 0412AC89ABCDEF67",
    "driving licence DL-1234567",
    "ssn 536228726",
    "PIN verification failed: 4821",
    "PIN changed: 4821 -> 5512",
    "PIN mismatch: got 4821, expected 5512",
    "CVV mismatch: 987",
    "OTP: 48 29 13",
    "OTP for login: 485618",
    "Nambari yako ya siri ni 212542",
    "PIN yako mpya ni 6132",
    "sortCode: 204150",
    "kitambulisho namba 34775751",
    "NIDA 19690101-12345-12345-12",
    "Rwanda national ID 1 1985 8 0012345 0 12",
    "Enter 855835 to confirm the transfer",
    "redis-cli -h cache -a Hunter2xyz ping",
    "mysqldump -uroot -pHunter2xyz ledger",
    '"--password","Hunter2!"',
    "<PINBlck><NcrptdPINBlck><EnvlpdData>77372A63ABE2CD6C</EnvlpdData></NcrptdPINBlck></PINBlck>",
    "on field 'pin': rejected value [5292]",
    "argument cvv: rejected value [630]",
    "Path `pin` (`0142`) is shorter",
    "[DE52] [86BBA95F1298CC1D]",
    "PIN change from 9814 requested",
    "Weka PIN yako: 6056",
    "compte bancaire 9889723227",
    "2FA token 054919 rejected",
    "Use code 482913 to log in",
    "your code is 482-913",
    "Enter code 482913 within 5 minutes",
    "482-913 is your M-PESA one-time code",
    "votre code est 4829",
    "['X-Api-Key', 'b7d0c6e29f1a4d33']",
    '["Cookie","sid=9f2c7aa0b1"]',
    'Content-Disposition: form-data; name="cvv"\r\n\r\n123\r\n--x',
    'form-data; name="pin"; filename="a"\r\nContent-Type: text/plain\r\n\r\n4821\r\n--x',
    "<Othr><Id>0123456789</Id></Othr>",
    '{"Othr":[{"Id":"0123456789"}]}',
    ":59:/0123456789\nJANE DOE",
    ":50K:/12345678901",
    ":25:0123456789",
    '"cvv" with value "325" fails to match the required pattern',
    "OTP sent: 482913",
    "482913 is your verification code",
    "<#> 482913 is your Equity code",
    "Account not found: 0123456789",
    "Login failed for bob with password hunter2",
    "Invalid API Key provided: 8cSFa72kd0",
    "PIN ya M-PESA ni 1028",
    "namba ya siri 1788",
    "neno la siri ni Karibu2026",
    "kitambulisho 22861502",
    "passkey bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
    "consumer secret bclwIPkcRqw61yUt",
    "security credential EsJocK7+NjqZPC3I3EO+TbvS+xVb9TymWwaKABoaZr",
  ],
  keeps: [
    "password reset requested for user 42",
    "pinned message spinning up pinning 12",
    "password is required",
    "UPDATE users SET password = $1, pin = $2",
    "account 174379",
    "order id 42",
    "token is expired",
    "secret rotation finished",
    "core-banking-195288863",
    "getting address 86.231.85.193",
    "pin attempts 3",
    "CVV check failed: 500",
    "invalid password provided",
    "2026 is your year",
    "error 4821: this is your code path",
    'secret "db-creds" not found',
    'api key "mobile-app" created',
    '{"required":["password","username"]}',
    "GET /v1/cards/12345678/pin",
    "wire 021000022 sent",
    "reached 123456789 rows",
    "rsa idle 12345678",
    "sms-otp-06473 restarted",
    "use 8080 as the port",
    "auth code EQMJXA",
    "mysql -u root -p ledger",
    "otp-0647-abcde",
    "use error code 40001",
    "the country code is 25470",
    '["X-Request-Id","8cf3a1d200"]',
    '["password","username"]',
    'form-data; name="comment"\r\n\r\n4821\r\n--x',
    "<Othr><Id>NOTPROVIDED</Id></Othr>",
    "at 12:59:/var/log",
    "aws account 254712345678",
  ],
};
