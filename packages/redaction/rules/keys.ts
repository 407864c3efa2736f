// Fields of ISO 8583 by number, as logs and messages name them, with zeros in front or none.
const FIELDS = ["de", "df", "field", "fld", "bit", "dataelement"];

function fields(...numbers: number[]): string {
  const spellings = numbers.flatMap((one) => [
    ...new Set([`${one}`, `0${one}`, `${one}`.padStart(3, "0")]),
  ]);
  return FIELDS.flatMap((field) => spellings.map((number) => field + number)).join(" ");
}

/** Words at the end of a key that say what stands under it, and words around them. */
export const keys = {
  name: "keys",
  patterns: {
    // What is about a secret rather than a part of it.
    about:
      /^(?:type|kind|id|name|title|label|description|message|error|format|placeholder|status|state|count|length|size|enabled|required|valid|url|uri|alg|algorithm|kid|min.*|max.*|expir.*|creat.*|updat.*|.*_?at|policy|user|username|provider|source|version|scopes?|attempts.*|retries)$/i,
    // Words that make a token one of places in a list.
    place: /^(?:page|next|continuation|cancellation|cancel|sync)$/,
  },
  /** The last words of a key, written together: `http.request.header.x-api-key` ends with `apikey`. */
  endings: {
    secret:
      "password passwd pwd passwort passcode secret secrets secretkey clientsecret appsecret apisecret sharedsecret " +
      "consumersecret consumerkey apikey apikeys xapikey apitoken accesskey secretaccesskey accesstoken refreshtoken " +
      "idtoken authtoken bearertoken sessiontoken csrftoken xsrftoken privatekey signingkey encryptionkey " +
      "masterkey passkey securitycredential initiatorpassword accountkey sharedaccesskey sharedaccesssignature storagekey " +
      "subscriptionkey servicerolekey servicekey authkey hmackey jwtkey clientkey webhookkey webhooksecret signingsecret jwtsecret cookiesecret sessionsecret " +
      "passwordhash hashedpassword passwordsalt credential credentials recoverycode " +
      "backupcode securityanswer keystorepassword " +
      "truststorepassword sslkey userpass dbpass pgpass motdepasse contrasena contraseña senha nenosiri awssecret appkey " +
      "apisignature xamzsecuritytoken requirepass encryptedpassword authenticationtoken csrf xsrf merchantkey integratorkey licensekey pinkey verifhash stripekey privatekeypem sshkey challengeanswer zmk tpk zpk tmk bdk ipek",
    phrase:
      "passphrase passphrases mnemonic mnemonics seedphrase recoveryphrase secretphrase seedwords",
    token:
      "otp otpcode totp onetimepassword onetimepasscode onetimecode onetimepin verificationcode mfacode twofactorcode smscode activationcode verifycode " +
      "token jwt bearer assertion clientassertion samlresponse pass pw auth jsessionid phpsessid connectsid sessionkey secretid",
    maybe:
      "session sessionid sid signature sig sign hmac ticket accesskeyid awsaccesskeyid authcode authorizationcode code key nonce xgoogsignature",
    auth: "authorization proxyauthorization authheader xauthorization",
    cookie: "cookie setcookie cookies",
    cvv:
      "cvv cvvs cvv2 cvc cvc2 csc cvn cvn2 cvd cvd2 cav cav2 dcvv icvv cvvcode cvccode cvvnumber securitycode cardsecuritycode " +
      "cardverificationvalue cardverificationcode cardverificationnumber cardcode cscval cscvalue cvvvalue cvcvalue cvnumber cv2 cardcid",
    pin:
      "pin pinnumber pincode mpin tpin upin upipin atmpin cardpin newpin oldpin currentpin confirmpin userpin " +
      "pins transactionpin walletpin mpesapin pinno pinvalue clearpin debitpin",
    sad:
      "pinblock encryptedpin encryptedpinblock pindata epb pinblk track1 track2 track3 track1data track2data track3data trackdata " +
      "track2equivalentdata track2equivalent trck1 trck2 trckdata trck2data magstripe magneticstripe magstripedata magdata magnetictrack " +
      "swipedata emvdata iccdata iccrelateddata chipdata encryptedtrack encryptedtrackdata ksn pinverificationvalue pvv " +
      "pinblck trck3 f52 f35 f45 p52 p35 p45 f052 f035 f045 f055 p052 p035 p045 p055 " +
      fields(34, 35, 36, 45, 52, 55),
    pan:
      "pan cardnumber cardno cardnum cardpan cardnr ccnumber ccnum ccno cc ccn creditcard creditcardnumber creditcardno debitcard " +
      "debitcardnumber debitcardno primaryaccountnumber accountpan dpan fpan card f2 plaincardnumber acctpan " +
      fields(2),
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
      "bsb bsbnumber walletnumber creditaccount debitaccount accountidentification othrid " +
      fields(102, 103),
    id:
      "ssn socialsecuritynumber socialsecurityno socialsecurity socialinsurancenumber sin nationalid nationalidnumber nationalidno idnumber idno idnum " +
      "identitynumber identityno identificationnumber governmentid govid passport passportnumber passportno passportnum " +
      "ninnumber bvnnumber iddocumentnumber krapin taxpin taxid taxidentificationnumber taxnumber tin itin ein bvn nin vnin nuit bankverificationnumber nationalidentificationnumber " +
      "nationalinsurancenumber nationalinsuranceno nino driverslicense driverslicensenumber driverlicense driverlicensenumber drivinglicence " +
      "drivinglicense drivinglicencenumber licensenumber licencenumber voterid votersid hudumanumber maishanumber alienid idcard idcardnumber rsaid ghanacard " +
      "dob dateofbirth birthdate imsi imei aadhaar aadhaarnumber cpf curp nhsnumber personnummer",
    trace:
      "traceid spanid parentspanid parentid xb3traceid xb3spanid xb3parentspanid traceparent ottracertraceid ottracerspanid",
  },
  /** Long enough to be recognised at the end of a word written together: PGPASSWORD, newcardnumber. */
  glued: {
    secret:
      "password passwd passphrase apikey secretkey privatekey accesstoken authtoken refreshtoken clientsecret apisecret",
    pan: "cardnumber cardno",
    account: "accountnumber accountno",
    phone: "phonenumber mobilenumber msisdn",
    sad: "pinblock track2data track1data",
    id: "passportnumber passportno idnumber",
    email: "emailaddress",
  },
  /** Words after which the key still names the same thing; a number is one too. */
  neutral:
    "value val text string str plain plaintext raw input confirm confirmation confirmed repeat again retype new old current " +
    "header param parameter field encrypted enc encoded hash hashed base64 b64 hex clear cleartext data element entry",
  /**
   * The endings under which contrib masks every value, since it cannot tell what a value is: sensitive authentication
   * data, credentials, people. At a dash a key may have one, an underscore or nothing.
   */
  masked:
    "password passwd passphrase pwd secret client-secret pin pin-block otp cvv cvv2 cvc cvc2 cvn pan card-number " +
    "track-data track-1-data track-2-data authorization cookie set-cookie api-key access-token refresh-token " +
    "auth-token private-key msisdn phone phone-number email iban",
  /** What no key may hold: nine digits as no honest key has them, an address, JSON in base64. What is captured stays. */
  within: /\d(?:[ -]?\d){8,}|(^|[ /])[^ /@%]+(?:@|%40)[^ ]+\.[^ ]+|eyJ[A-Za-z0-9_-]{16,}/,
  removes: [],
  keeps: [],
};
