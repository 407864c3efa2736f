/** Base64, hexadecimal and lists of byte values that decode to something to redact. */
export const encoded = {
  name: "encoded",
  patterns: {
    // The password of an STK push: short code, passkey, timestamp.
    daraja: /^\d{5,7}[0-9a-zA-Z]{20,100}20\d{12}$/,
  },
  removes: [
    "eyJwYW4iOiI0MTExMTExMTExMTExMTExIiwiY3Z2IjoiMTIzIn0=",
    "body: eyJlbWFpbCI6ImphbmUuZG9lQGV4YW1wbGUuY28ua2UifQ== end",
    "<Buffer 34 31 31 31 31 31 31 31 31 31 31 31 31 31 31 31>",
    "34313131313131313131313131313131",
    "dXNlcj1qYW5lJnBhc3N3b3JkPUh81bnRlcjIh",
    '{"type":"Buffer","data":[52,49,49,49,49,49,49,49,49,49,49,49,49,49,49,49]}',
  ],
  keeps: [
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
    "[52,49,50,1000,3]",
    "aGVsbG8gd29ybGQsIHRoaXMgaXMgZmluZQ==",
  ],
};
