import { createMemo } from "./memo.ts";
import type { DataClass } from "./finding.ts";

/** What a key says about its value. */
export type Kind =
  | "secret" // whatever it is, it goes
  | "phrase" // a secret of several words
  | "token" // a secret when it looks made by a machine
  | "maybe" // a secret when it is long and mixed
  | "auth"
  | "cookie"
  | "cvv"
  | "pin"
  | "sad"
  | "pan"
  | "name"
  | "email"
  | "phone"
  | "account"
  | "id"
  | "trace"; // an id of tracing, kept as it is

/** The data class of each kind, and what is written in place of a value of it. */
export const KINDS: Readonly<Record<Exclude<Kind, "trace">, { class: DataClass; marker: string }>> =
  {
    secret: { class: "credential", marker: "[credential]" },
    phrase: { class: "credential", marker: "[credential]" },
    token: { class: "credential", marker: "[credential]" },
    maybe: { class: "credential", marker: "[credential]" },
    auth: { class: "credential", marker: "[credential]" },
    cookie: { class: "credential", marker: "[credential]" },
    cvv: { class: "pci_sad", marker: "[sad]" },
    pin: { class: "pci_sad", marker: "[sad]" },
    sad: { class: "pci_sad", marker: "[sad]" },
    pan: { class: "pci_chd", marker: "[card]" },
    name: { class: "pci_chd", marker: "[card]" },
    email: { class: "pii", marker: "[email]" },
    phone: { class: "pii", marker: "[phone]" },
    account: { class: "pii", marker: "[account]" },
    id: { class: "pii", marker: "[id]" },
  };

// The last words of a key, written together: `http.request.header.x-api-key` ends with `apikey`.
const ENDINGS: Readonly<Record<Kind, string>> = {
  secret:
    "password passwd pwd passwort passcode secret secrets secretkey clientsecret appsecret apisecret sharedsecret " +
    "consumersecret consumerkey apikey apikeys xapikey apitoken accesskey secretaccesskey accesstoken refreshtoken " +
    "idtoken authtoken bearertoken sessiontoken csrftoken xsrftoken privatekey signingkey encryptionkey " +
    "masterkey passkey securitycredential initiatorpassword accountkey sharedaccesskey sharedaccesssignature storagekey " +
    "subscriptionkey servicerolekey servicekey authkey hmackey jwtkey clientkey webhookkey webhooksecret signingsecret jwtsecret cookiesecret sessionsecret " +
    "passwordhash hashedpassword passwordsalt credential credentials otp otpcode totp onetimepassword onetimepasscode onetimecode onetimepin " +
    "verificationcode mfacode twofactorcode recoverycode backupcode securityanswer keystorepassword " +
    "truststorepassword sslkey userpass dbpass pgpass motdepasse contrasena contraseña senha nenosiri awssecret appkey " +
    "apisignature xamzsecuritytoken requirepass encryptedpassword authenticationtoken csrf xsrf merchantkey integratorkey licensekey pinkey zpk tmk bdk ipek",
  phrase:
    "passphrase passphrases mnemonic mnemonics seedphrase recoveryphrase secretphrase seedwords",
  token:
    "token jwt bearer assertion clientassertion samlresponse pass pw auth jsessionid phpsessid connectsid sessionkey secretid",
  maybe:
    "session sessionid sid signature sig sign hmac ticket accesskeyid awsaccesskeyid authcode authorizationcode code key nonce xgoogsignature",
  auth: "authorization proxyauthorization authheader xauthorization",
  cookie: "cookie setcookie cookies",
  cvv:
    "cvv cvv2 cvc cvc2 csc cvn cvn2 cvd cvd2 cav cav2 dcvv icvv cvvcode cvccode cvvnumber securitycode cardsecuritycode " +
    "cardverificationvalue cardverificationcode cardverificationnumber cardcode cscval cscvalue cvvvalue cvcvalue cvnumber cv2 cardcid",
  pin:
    "pin pinnumber pincode mpin tpin upin upipin atmpin cardpin newpin oldpin currentpin confirmpin userpin " +
    "transactionpin walletpin mpesapin pinno pinvalue clearpin debitpin",
  sad:
    "pinblock encryptedpin encryptedpinblock pindata epb pinblk track1 track2 track3 track1data track2data track3data trackdata " +
    "track2equivalentdata track2equivalent trck1 trck2 trckdata trck2data magstripe magneticstripe magstripedata magdata magnetictrack " +
    "swipedata emvdata iccdata iccrelateddata chipdata de52 field52 f52 bit52 de35 field35 f35 de45 field45 f45 de34 de36 de55 field55 f55 " +
    "p52 p35 p45 fld52 fld35 fld45 df52 df35 encryptedtrack encryptedtrackdata ksn pinverificationvalue pvv",
  pan:
    "pan cardnumber cardno cardnum cardpan cardnr ccnumber ccnum ccno cc ccn creditcard creditcardnumber creditcardno debitcard " +
    "debitcardnumber debitcardno primaryaccountnumber accountpan dpan fpan card de2 field2 f2 plaincardnumber acctpan",
  name: "cardholdername cardholder nameoncard holdername",
  email: "email emails emailaddress mail emailadr mailto emailid replyto",
  phone:
    "phone phones phonenumber phoneno phonenum mobile mobilenumber mobileno mobilephone mobnb msisdn tel telephone " +
    "telephonenumber telno telnumber cell cellphone cellnumber whatsapp whatsappnumber partya partyb sendernumber recipientnumber " +
    "customernumber contactnumber phonenbr callerid dialednumber subscribernumber simnumber walletphone contactphone payernumber payeenumber receivernumber beneficiarynumber fax",
  account:
    "accountnumber accountno accountnum accountnbr acctnumber acctno acctnum acctnbr accnumber accno acctid bankaccount bankaccountnumber nuban " +
    "beneficiaryaccount creditoraccount debtoraccount sourceaccount destinationaccount fromaccount toaccount " +
    "account acct acc routingnumber routingno routing aba abanumber abaroutingnumber rtn routingtransitnumber transitnumber sortcode iban ibannumber bban clabe " +
    "bsb bsbnumber de102 de103 walletnumber creditaccount debitaccount",
  id:
    "ssn socialsecuritynumber socialsecurityno socialsecurity socialinsurancenumber sin nationalid nationalidnumber nationalidno idnumber idno idnum " +
    "identitynumber identityno identificationnumber governmentid govid passport passportnumber passportno passportnum " +
    "krapin taxpin taxid taxidentificationnumber taxnumber tin itin ein bvn nin vnin nuit bankverificationnumber nationalidentificationnumber " +
    "nationalinsurancenumber nationalinsuranceno nino driverslicense driverslicensenumber driverlicense driverlicensenumber drivinglicence " +
    "drivinglicense drivinglicencenumber licensenumber licencenumber voterid votersid hudumanumber maishanumber alienid idcard idcardnumber rsaid ghanacard " +
    "dob dateofbirth birthdate imsi imei aadhaar aadhaarnumber cpf curp nhsnumber personnummer",
  trace:
    "traceid spanid parentspanid parentid xb3traceid xb3spanid xb3parentspanid traceparent ottracertraceid ottracerspanid",
};
const TABLE = new Map<string, Kind>(
  Object.entries(ENDINGS).flatMap(([kind, words]) =>
    words.split(" ").map((word) => [word, kind as Kind] as const),
  ),
);
// Long enough to be recognised at the end of a word written together: PGPASSWORD, newcardnumber.
const GLUED: ReadonlyArray<readonly [RegExp, Kind]> = [
  [
    /(?:password|passwd|passphrase|apikey|secretkey|privatekey|accesstoken|authtoken|refreshtoken|clientsecret|apisecret)$/,
    "secret",
  ],
  [/(?:cardnumber|cardno)$/, "pan"],
  [/(?:accountnumber|accountno)$/, "account"],
  [/(?:phonenumber|mobilenumber|msisdn)$/, "phone"],
  [/(?:pinblock|track2data|track1data)$/, "sad"],
  [/(?:passportnumber|passportno|idnumber)$/, "id"],
  [/emailaddress$/, "email"],
];
// Words after which the key still names the same thing.
const NEUTRAL =
  /^(?:\d+|value|val|text|string|str|plain|plaintext|raw|input|confirm|confirmation|confirmed|repeat|again|retype|new|old|current|header|param|parameter|field|encrypted|enc|encoded|hash|hashed|base64|b64|hex|clear|cleartext|data|element|entry)$/;

const LONGEST = 200;
const kinds = createMemo((key) => classify(keyWords(key)));
const spaced = createMemo((key) => keyWords(key).join(" "));

/** The words of a key in lower case: camel, snake, kebab, dot and bracket spellings are one. */
export function keyWords(key: string): string[] {
  return (
    key
      .slice(-LONGEST)
      // What redaction wrote in place of a name says nothing of the value; user[email] does.
      .replace(
        /(?<!\w)\[(?:card|sad|credential|email|phone|iban|account|id|removed)\]/g,
        " redacted ",
      )
      .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
      .replace(/([A-Z]{1,40})([A-Z][a-z])/g, "$1 $2")
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word !== "")
  );
}

/** The words of a key with spaces between them. */
export function spacedWords(key: string): string {
  return key.length > LONGEST ? keyWords(key).join(" ") : spaced(key);
}

/** What kind of value stands under a key, as far as its last words say. */
export function kindOf(key: string): Kind | undefined {
  // The convention's identifier of a visit, not of a login.
  if (key === "session.id") return undefined;
  return key.length > LONGEST ? classify(keyWords(key)) : kinds(key);
}

function classify(words: readonly string[]): Kind | undefined {
  for (let end = words.length; end > 0 && end > words.length - 3; end--) {
    if (end < words.length && !NEUTRAL.test(words[end] ?? "")) break;
    for (let start = Math.max(0, end - 5); start < end; start++) {
      const ending = words.slice(start, end).join("");
      const kind = TABLE.get(ending) ?? TABLE.get(ending.replace(/\d+$/, ""));
      if (kind !== undefined && !isExempt(words, ending)) return kind;
    }
    const last = words[end - 1] ?? "";
    const glued = GLUED.find(([pattern]) => pattern.test(last));
    if (glued !== undefined) return glued[1];
  }
  return undefined;
}

// Words that the same ending makes harmless: the key of a message, the code of an answer.
function isExempt(words: readonly string[], ending: string): boolean {
  if (ending === "key" || ending === "code" || ending === "sign") return words.length > 1;
  if (ending === "token")
    return /^(?:page|next|continuation|cancellation|cancel|sync)$/.test(words.at(-2) ?? "");
  return false;
}
