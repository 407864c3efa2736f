/** Words and forms by which the value of a key is told from what only stands in its place. */
export const judge = {
  name: "judge",
  patterns: {
    // What stands where a secret would: nothing, a placeholder, or a word about it.
    absent:
      /^(?:null|undefined|none|nil|nan|true|false|yes|no|on|off|empty|n\/a|unset|redacted|filtered|hidden|masked|removed|\[[a-z_ ]{1,20}\]|<[a-z_ -]{1,24}>|\(?redacted\)?|string|number|boolean|object|optional|required)$/i,
    placeholder:
      /^(?:\$\d{1,3}|\?|%[sdvq]|:[a-z_]\w{0,40}|@p\d{1,3}|\$?\{\{?[^{}]{0,60}\}?\}|\{\}|process\.env\.\w{1,60}|[a-z_]\w{0,30}(?:\.\w{1,30}){1,4}\(.{0,60}|env\(\w{1,60}\)|\$[A-Z][A-Z0-9_]{2,60})$/i,
    prose:
      /^(?:must|should|shall|cannot|can|could|may|might|will|would|is|was|are|were|be|been|has|have|had|does|did|do|not|too|the|a|an|for|from|to|of|in|at|by|with|and|or|but|it|this|that|required|requires|invalid|missing|incorrect|wrong|mismatch|mismatched|reset|changed|change|updated|expired|expires|rejected|accepted|verified|failed|failure|success|ok|error|field|validation|correct|valid|weak|strong|unknown|unchanged|match|matches|matched|blank|too_short|denied|approved|granted|declined|unauthorized|forbidden|rotated|revoked|found|set|given|provided|supplied|entered|enabled|disabled|pending|completed|policy|check|checked|length|minimum|at least|being|now|already|still|needed|wanted|used|using|as|on|only|ready|unavailable|shown|sent|stored|read|empty,?)[.,;:!?]?$/i,
    tokenWord: /^(?:bearer|basic|jwt|access|refresh|id|code|mac)$/i,
    timestamp: /^[\d.:TZ+-]+$/,
    scheme:
      /^(?:basic|bearer|digest|negotiate|ntlm|token|apikey|hawk|oauth|ssws|splunk|geniekey|aws4?|signature)\b[ \-:]/i,
    // A scheme with a place for the token: `Bearer {{token}}`.
    template:
      /^(?:basic|bearer|digest|negotiate|token|apikey|hawk|oauth|ssws|jwt)[ :=]{1,2}["']?(?:\{\{?[^{}]{0,60}\}?\}|\$\{?\w{1,60}\}?|<[a-z_ -]{1,40}>|%[sdvq]|\[[a-z_ ]{1,20}\]|\.{3}|x{3,}|\*{3,}|null|undefined)["']?$/i,
    equals: /=|%3d/i,
    code: /^\D{0,3}\d{3,6}\D{0,3}$/,
    pin: /^\d(?:[ -]?\d){3,11}(?:(?: to | ?-> ?|\/|, expected )\d{4,12})?$/,
    name: /\p{L}{2}/u,
    address: /@|%40/,
    sortCode: /^\d{2}-\d{2}-\d{2}$/,
    date: /^\d{4}-\d{2}-\d{2}/,
    cardText: /^[\d\s.\-_/+]*$/,
    letters: /[A-Za-z]{3}/,
    camel: /^[A-Za-z]?[a-z]{2,}(?:[A-Z]{1,3}[a-z]{2,}){0,6}$/,
    trace: /^(?:[0-9a-f]{1,32}|\d{1,20}|[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})$/i,
    quantity:
      /\b(?:amount|minor|bytes?|size|count|total|sum|duration|time|timestamp|ts|ns|ms|us|nanos|offset|length|limit|memory|heap|rows)\b/,
    // An all-digit span id can pass for a card; beside its name it is what it says.
    traceId:
      /(?<![a-z])(?:trace|span|parent(?:[_.-]?span)?)[_.-]?id["'\\]{0,4}\s{0,3}[:=]\s{0,3}["'\\]{0,4}([0-9a-f]{32}|[0-9a-f]{16}|\d{1,20})(?![0-9a-z])/gi,
  },
  removes: [],
  keeps: [],
};
