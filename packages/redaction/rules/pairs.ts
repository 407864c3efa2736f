/** Values beside a key that names them: JSON, XML, SQL, query strings, headers, prose with a colon. */
export const pairs = {
  name: "pairs",
  patterns: {
    // {"Name":"PhoneNumber","Value":254712345678}: the key is the value of the pair before.
    namer: /^(?:name|key|field|param|header|id|property|path)$/i,
    named: /^(?:value|val|data|content|rejectedvalue|received)$/i,
    tag: /^<(?:[\w.-]{1,40}:)?([\p{L}_][\w.-]{0,63})/u,
    digits:
      /^[+(]{0,2}[A-Za-z]{0,4}[- ]?\d[\dA-Za-z]{0,40}(?:[ \-./()]{1,2}\d[\dA-Za-z]{0,20}){0,9}/,
    // A comma that ends a value, not one inside it.
    comma: /,(?:\s|$|["'{[]|[A-Za-z_][\w.-]{0,40}["']?[=:])/,
    // Authorization schemes whose parameters are quoted and set apart by commas.
    parameters: /^(?:digest|oauth|aws4|hawk|signature)/i,
  },
  removes: [
    '{"cvv":987}',
    '{"user":"bob","passwd" : "pa55\\"word"}',
    "<ns2:Password>Hunter2!!</ns2:Password>",
    "client-secret=abcd1234efgh",
    "Server=db;User Id=sa;Password=Str0ngP@ss;",
    "password: Hunter2!",
    "{ password: 'Hunter2!' }",
    "CVC2: 9876",
    "DE52=A1B2C3D4E5F60718",
    '{"Name":"PhoneNumber","Value":254708374149}',
    "user[password]=hunter2&x=1",
    "x-api-key: 9d8f7a6b5c4e3d2f1a0b",
    "password%3Dhunter2%26x%3D1",
    "password := hunter2",
    '{"property":"pin","value":"4821"}',
    "password[]=hunter2",
    "cvv: 123/pin: 4821",
    "cvv=987654",
    "<AccéNo>012abcdefghijklmnopqrstuvwxyz0123456789</AcctNo>",
  ],
  keeps: [
    '{"password":null,"token_type":"Bearer","expires_in":3599}',
    "password: required",
    "author: jane, authority=ke.bank",
    "UPDATE users SET password_hash = $1 WHERE id = $2",
    "cvv_result=MATCH",
    "messaging.kafka.message.key=payments-42",
    "password=********",
    "http://host:8080/path",
    "http://auth:8080/v1/login",
    "http://pin:3000/x",
    "UPDATE u SET password = :password WHERE secret = :secret",
    "password = ${x}",
    "10:15:30",
    "pin: map",
  ],
};
