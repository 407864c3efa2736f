/** Words at the end of a key, written together, and what is about a secret rather than a part of it. */
export const keys = {
  name: "keys",
  patterns: {
    gluedSecret:
      /(?:password|passwd|passphrase|apikey|secretkey|privatekey|accesstoken|authtoken|refreshtoken|clientsecret|apisecret)$/,
    gluedPan: /(?:cardnumber|cardno)$/,
    gluedAccount: /(?:accountnumber|accountno)$/,
    gluedPhone: /(?:phonenumber|mobilenumber|msisdn)$/,
    gluedSad: /(?:pinblock|track2data|track1data)$/,
    gluedId: /(?:passportnumber|passportno|idnumber)$/,
    gluedEmail: /emailaddress$/,
    // Words after which the key still names the same thing.
    neutral:
      /^(?:\d+|value|val|text|string|str|plain|plaintext|raw|input|confirm|confirmation|confirmed|repeat|again|retype|new|old|current|header|param|parameter|field|encrypted|enc|encoded|hash|hashed|base64|b64|hex|clear|cleartext|data|element|entry)$/,
    place: /^(?:page|next|continuation|cancellation|cancel|sync)$/,
    about:
      /^(?:type|kind|id|name|title|label|description|message|error|format|placeholder|status|state|count|length|size|enabled|required|valid|url|uri|alg|algorithm|kid|min.*|max.*|expir.*|creat.*|updat.*|.*_?at|policy|user|username|provider|source|version|scopes?|attempts.*|retries)$/i,
  },
  removes: [],
  keeps: [],
};
