const GAP = String.raw`[\s,;:|/\-"'()]{1,4}`;
const EXPIRY = String.raw`(?:exp(?:iry)?[ :.]{0,2})?(?:0?[1-9]|1[0-2])[\s/|:,\-]{0,2}(?:20)?[2-4]\d`;
const CODE = String.raw`(?<![A-Za-z0-9_.-])["']?code["']?\s{0,3}[:=]\s{0,3}["']?(\d{3,4})(?![\w.-])`;
const NUMBER = String.raw`(?<![\d*])(\d{12,19}|\d{4}(?:[ \-]\d{4}){3}|\d{4}[ \-]\d{6}[ \-]\d{5})`;

/** Magnetic stripe and chip data by shape (ISO/IEC 7813 and 4909, EMV). */
export const track = {
  name: "track",
  patterns: {
    one: /%?[A-Z]?(\d{12,19})\^[^^\n]{0,40}\^\d{3,}[^?\n]{0,90}\??/gi,
    // Digits of the number, `=` or D, expiry YYMM, service code, discretionary data.
    two: /;?(?<!\d)(\d{12,30})([=D])(\d{2}(?:0[1-9]|1[0-2])\d{3,24})F?\??/gi,
    // Format code, digits of the number, and fields that `=` may stand for (ISO 4909).
    three: /;(\d{2})(\d{12,19})=[\d=]{12,104}\??/g,
    // Field 52 of ISO 8583, written as JSON.
    pinBlock:
      /(?:["']0?52["']\s{0,3}:\s{0,3}["']|\[0?5[25]\]["']?\s{0,3}[:=>]{0,2}\s{0,3}["'[(<]?|["']0?52["']\s{1,3}value=["'])([0-9A-F]{16}(?:[0-9A-F]{4,2000})?)(?![0-9A-Z])/gi,
    pinField: /(?<![A-Za-z0-9])(?:0?52=|052:\s{0,3})([0-9A-F]{16})(?![0-9A-Z])/gi,
    // A message as one text: its type, one bitmap or two with field 2, and the length and digits of the card number.
    message:
      /(?<![A-Za-z0-9])(?:ISO\d{9})?[0-2][1-8]\d[0-5](?:[4-7][0-9A-F]{15}|[C-F][0-9A-F]{31})(1[2-9])(\d{12,19})[0-9A-Za-z=]{0,2000}/gi,
    // Tag 99 with the eight bytes of a PIN block.
    pinData: /9908[0-9A-F]{16}/gi,
    chip: /(?:5A|9F6B)(0[6-9A])(\d{12,20})/gi,
    tag: /^57[01][0-9A-F]$/i,
  },
  re2: [
    {
      what: "Track 1 of the magnetic stripe.",
      pattern: /%?B\d{12,19}\^[^?]*\??/,
      finds: ["%B4111111111111111^DOE/JANE^29122010000000000?"],
      mistakes: [],
    },
    {
      what: "Track 2.",
      pattern: /\b\d{12,19}[=D]\d{7,}F?\??/,
      finds: [";4111111111111111=29122010000012345?", "4111111111111111D29122010000012345F"],
      mistakes: [],
    },
  ],
  removes: [
    ";4111111111111111=29122010000012345?",
    "4111111111111111D29122010000012345F",
    "57114111111111111111D29122010000012345F9F1E08",
    "%B4111111111111111^DOE/JANE^29122010000000000?",
    "5A0841111111111111115F2403291231",
    '{"52":"A1B2C3D4E5F60718"}',
    "[052] = A1B2C3D4E5F60718",
    "[055] 9F260813DEDBF3C4E52BDE9F270180",
    "11=000123|52=A1B2C3D4E5F60718|53=2001010100000000",
    "field[52]=A1B2C3D4E5F60718",
    '<field id="52" value="A1B2C3D4E5F60718"/>',
    "02007238048020C08000164111111111111111000000000000010000",
    "9F2608A1B2C3D4E5F6071899080412AC89ABCDEF67",
    "emv 5A0841111111111111115F200741444D494E2F4A5F24032912319F1F0431323334",
    ";014111111111111111=72472410000000000003030000000404000990100=?",
  ],
  keeps: [
    "4111111111111112=5",
    "a=1234567890123=12",
    "^DOE/JANE^2912",
    "sha1 9908a1b2c3d4e5f60718293a4b5c6d7e8f901234",
    "9F2608A1B2C3D4E5F607189505000000000000",
  ],
};

/** The verification code that follows a card number and its expiry with no word to name it. */
export const trailingCode = {
  name: "trailing-code",
  patterns: {
    after: new RegExp(`${NUMBER}${GAP}${EXPIRY}${GAP}(\\d{3,4})(?![\\d/.-])`, "gi"),
    between: new RegExp(`${NUMBER}${GAP}(\\d{3,4})${GAP}${EXPIRY}(?!\\d)`, "gi"),
    // Of an object with a card number and a `code`, which has no other that it may be.
    member: new RegExp(`${NUMBER}["']?[,;&\\s][^{}]{0,120}?${CODE}`, "gi"),
    ahead: new RegExp(`${CODE}["']?[,;&\\s][^{}]{0,120}?${NUMBER}`, "gi"),
  },
  removes: [
    "4111111111111111 12/29 123",
    "4111111111111111|12|2029|123",
    "4111 1111 1111 1111, 123, 12/29",
    '{"card":"4111111111111111","code":"123"}',
    '{"code":123,"holder":"J DOE","card":"4111 1111 1111 1111"}',
    "card=4111111111111111&exp=1229&code=123",
  ],
  keeps: ["4111111111111112 12/29 123", "order 12345678 12/29 123", '{"card":"visa","code":"051"}'],
};
