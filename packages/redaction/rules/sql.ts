/** Values of an INSERT, by the names of their columns. */
export const insert = {
  name: "insert",
  patterns: {
    head: /(?:insert|replace)\s+(?:ignore\s+)?into\s+[\w.`"[\]]{1,128}\s{0,4}\(([^()]{1,2048})\)\s*(?:overriding \w{1,10} value\s*)?values?\s*/gi,
  },
  removes: [
    "INSERT INTO cards(pan,cvv) VALUES ('x','987')",
    "insert into \"u\" (name, password) values ('it''s', 'p1'), ('b', 'p2')",
  ],
  keeps: ["INSERT INTO cards(pan,cvv) VALUES ($1,$2)", "INSERT INTO t(a,b) VALUES (1,2)"],
};
