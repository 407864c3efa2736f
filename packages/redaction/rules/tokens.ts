const HAS_DIGIT = "(?=[A-Za-z_-]{0,40}[0-9])";

// Issuers give their tokens a prefix so that scanners find them. `#` stands for letters and digits,
// `@` for those with dash and underscore; the number is the least count.
const VENDORS: ReadonlyArray<
  readonly [prefix: string, chars: "#" | "@" | "hex" | "@.", least: number]
> = [
  ["(?:AKIA|ASIA|ABIA|ACCA)", "#", 16],
  ["(?:sk|rk|pk)_(?:live|test|prod)_", "#", 10],
  ["whsec_", "@", 16],
  ["gh[pousr]_", "#", 20],
  ["github_pat_", "@", 20],
  ["xox[abeoprs]-", "@", 10],
  ["xapp-", "@", 20],
  ["(?:AC|SK)(?=[0-9a-f]{32}(?![0-9A-Za-z]))", "hex", 32],
  ["AIza", "@", 30],
  ["ya29\\.", "@.", 20],
  ["GOCSPX-", "@", 20],
  ["1//0", "@", 30],
  ["SG\\.", "@.", 30],
  ["FLW(?:SECK|PUBK)(?:_TEST)?-", "@", 10],
  ["CHA(?:SECK|PUBK)(?:_TEST)?-", "@", 10],
  ["IS(?:Secret|Pubilsh|Publish)[A-Za-z]*Key_(?:live|test)_", "@", 10],
  ["MK_(?:PROD|TEST)_", "#", 8],
  ["rzp_(?:live|test)_", "#", 10],
  ["sq0[a-z]{3}-", "@", 20],
  ["access-(?:sandbox|development|production)-", "@", 20],
  ["access_token\\$[a-z]+\\$", "@", 8],
  ["gl(?:pat|dt|rt|ptt|cbt|ft|soat)-", "@", 16],
  ["npm_", "#", 30],
  ["pypi-", "@", 30],
  ["hv[sbr]\\.", "@", 20],
  [`sk-${HAS_DIGIT}`, "@", 20],
  [
    `(?:gsk|r8|hf|fo1|fm2|pplx|nvapi|key|lin_api|ntn|figd|figo|vc[aikpr]|sbp|pul|re|api_org)[_-]${HAS_DIGIT}`,
    "@",
    24,
  ],
  ["tskey-", "@", 16],
  ["gl(?:sa|c)_", "@", 20],
  ["shp(?:at|ss|ca|pa|ua)_", "#", 20],
  ["do[opr]_v1_", "#", 20],
  ["dckr_(?:pat|oat)_", "@", 20],
  ["dp\\.(?:pt|st|ct|sa|scim|audit)\\.", "@.", 20],
  ["pscale_(?:tkn|pw|oauth)_", "@.", 20],
  ["PMAK-", "@", 20],
  ["NR(?:AK|JS|AA|II)-", "@", 16],
  ["dapi(?=[0-9a-f]{32})", "hex", 32],
  ["(?:ATATT3|ATCTT3|ATBB|ATSTT3)", "@", 24],
  ["sntry[su]_", "@.", 20],
  ["sb_(?:secret|publishable)_", "@", 16],
  ["secret_", "#", 32],
  ["AGE-SECRET-KEY-1", "#", 40],
  ["HRKU-", "@", 20],
  ["EAA[A-Z]", "#", 40],
  ["PRIVATE-TOKEN:? ?", "@", 16],
];
const CLASSES = {
  "#": "[A-Za-z0-9]",
  "@": "[A-Za-z0-9_-]",
  "@.": "[A-Za-z0-9_.-]",
  hex: "[0-9a-f]",
};
const VENDOR = new RegExp(
  `(?<![A-Za-z0-9])(?:${VENDORS.map(
    ([prefix, chars, least]) => `${prefix}${CLASSES[chars]}{${least},512}={0,2}`,
  ).join("|")})`,
  "g",
);

/** Credentials that can be told by their form alone. */
export const token = {
  name: "token",
  patterns: {
    vendor: VENDOR,
    slack: /hooks\.slack\.com\/(?:services|workflows)\/[\w/-]{10,200}/gi,
    discord: /discord(?:app)?\.com\/api\/webhooks\/\d{5,25}\/[\w-]{20,120}/gi,
    bot: /(?<![A-Za-z0-9])(?:bot)?\d{8,10}:[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g,
    apiKey: /(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?!\w)/g,
    // How webhooks are signed: v1=…
    signature: /(?<![A-Za-z0-9])v\d=[0-9a-f]{64}(?![0-9a-f])/g,
    // The password of an STK push before it is encoded: short code, passkey, timestamp.
    daraja:
      /(?<![A-Za-z0-9])\d{5,7}[0-9a-f]{64}20[1-9]\d(?:0[1-9]|1[0-2])[0-3]\d[0-2]\d[0-5]\d[0-5]\d(?![A-Za-z0-9])/g,
    bcrypt: /\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}/g,
    crypt: /\$(?:argon2(?:id?|d)|scrypt|pbkdf2[\w-]{0,20}|[156]|y)\$[^\s"'<>]{16,400}/g,
  },
  re2: [
    {
      what: "JSON in base64, so JWT as well.",
      pattern: /\beyJ[A-Za-z0-9_+/=.-]{16,}/,
      finds: ["token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N"],
      mistakes: [],
    },
    {
      what: "Keys with a known head.",
      pattern:
        /\b(?:[srp]k_(?:live|test)_[A-Za-z0-9]{8,}|(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{20,}|AIza[0-9A-Za-z_-]{20,}|xox[abpr]-[A-Za-z0-9-]{10,})/,
      finds: [
        "creds AKIAIOSFODNN7EXAMPLE",
        "ghp_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
        "AIzaSyA1234567890abcdefghijklmnopqrstuv",
        "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
        "xoxb-123456789012-abcdefghijkl",
      ],
      mistakes: [],
    },
  ],
  removes: [
    "token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N",
    "creds AKIAIOSFODNN7EXAMPLE",
    "ghp_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
    "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
    "xoxb-123456789012-abcdefghijkl",
    "SK0123456789abcdef0123456789abcdef",
    "174379bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c91920160216165627",
    "$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy",
  ],
  keeps: [
    "eyJ",
    "core-banking-7d9f8b6c5-x2x4z",
    "sk-learn-pipeline",
    "sha512-W7s+uC5bikET2twEFgabcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTU==",
    "ws_CO_191220191020363925",
    "pay_01HZX3NDEKTSV4RRFFQ69G5FAV",
  ],
};

/** Private keys in PEM, whole or cut short. */
export const pem = {
  name: "pem",
  patterns: {
    begin: /-{2,5} ?BEGIN ([A-Z0-9 ]{0,40}?(?:PRIVATE KEY|SECRET KEY)[A-Z ]{0,10}?) ?-{2,5}/g,
  },
  re2: [
    {
      what: "Private keys.",
      pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]|-[^-])*/,
      finds: ["x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y"],
      mistakes: [],
    },
  ],
  removes: [
    "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC",
    "x -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- y",
  ],
  keeps: ["-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----", "BEGIN; SELECT 1"],
};

/** `Bearer x` and `Basic x` wherever they stand. */
export const scheme = {
  name: "scheme",
  patterns: {
    credentials:
      /(?<![A-Za-z])(bearer|basic|apikey|ssws|negotiate|ntlm|geniekey|splunk)[ :=]{1,2}["']?([A-Za-z0-9._~+/=-]{6,4096})(?!\*)/gi,
  },
  re2: [
    {
      what: "Credentials of headers.",
      pattern: /\b(?:bearer|basic)(?:\s|%20|\+)+[A-Za-z0-9+/._~=-]{16,}/i,
      finds: ["Bearer 8f14e45fceea167a5a36dedd4bea2543", "Basic bWVyY2hhbnQ6U3VwM3JTM2NyZXQ="],
      mistakes: [],
    },
  ],
  removes: [
    "Bearer 8f14e45fceea167a5a36dedd4bea2543",
    "Basic bWVyY2hhbnQ6U3VwM3JTM2NyZXQ=",
    "bearer abcDEF123",
  ],
  keeps: ["Bearer token required", "Basic authentication", "basic understanding"],
};

/** The password in the authority of a URL. */
export const userinfo = {
  name: "userinfo",
  patterns: {
    authority: /:\/\/([^\s/?#"'<>\\]{1,256})@/g,
    // A password with an unescaped slash.
    slashed: /:\/\/[^\s/?#"'<>@:]{0,128}:(?!\d{1,5}[/?#])([^\s"'<>@]{1,256})@/g,
    placeholder: /^(?:\$\{.*\}|%s|\{\{?.*\}\}?)$/,
  },
  re2: [
    {
      what: "A password in a URL.",
      pattern: /:\/\/[^/\s:@]+:[^/\s@]+@/,
      finds: ["postgres://svc:Sup3rS3cret@db.internal:5432/ledger"],
      mistakes: ["postgres://svc:***@db"],
    },
  ],
  removes: [
    "postgres://svc:Sup3rS3cret@db.internal:5432/ledger",
    "redis://:x9@cache",
    "https://a:b/c@d.example",
    "https://8f14e45fceea167a5a36@host/1",
  ],
  keeps: [
    "http://host:8080/path@v1",
    "https://example.com/a",
    "postgres://svc:***@db",
    "ssh://git@host/x",
  ],
};
