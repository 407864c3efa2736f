/**
 * Literals of a database statement, by the key db.query.text or db.statement alone.
 *
 * The size of a page stays, of LIMIT, OFFSET, FETCH and TOP. So does a moment with its time of day: it tells when, and
 * nobody is known by it. A date alone may be one of birth.
 */
export const statement = {
  name: "statement",
  key: "db.query.text",
  patterns: {
    moment: /'\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?'/g,
  },
  removes: [
    "SELECT 1",
    "SELECT a FROM t WHERE b = 7 LIMIT 10",
    "SELECT a FROM t LIMIT 254712345678",
    "select * from t1 where a = 'x' and b = $1",
    "SELECT * FROM t WHERE name = 'O''Brien' LIMIT 10",
    "SELECT a FROM t OFFSET 5 WHERE b = 6",
    'INSERT INTO `u` (a,b) VALUES ("x", 1.5e-3), (0xFF, NULL)',
    "SELECT E'a\\'b', $$body 'x'$$, $tag$ y $tag$",
    '{"find":"orders","filter":{"id":5}}',
    "SELECT * FROM people WHERE born = '1985-03-12'",
    "SELECT 'cut in the mid",
  ],
  keeps: [
    'SELECT "a"."b" FROM "t1" WHERE a = $1 AND b = ? AND c = :1 AND d = @p1',
    "SELECT * FROM p WHERE d > '2026-11-10 00:00:00.000'",
    "SELECT TOP (10) a FROM t WHERE b = $1 LIMIT 5, 50 OFFSET 100 FETCH FIRST 10 ROWS ONLY",
    "GET user:123",
    'WITH t(a) AS (VALUES ($1)) SELECT a AS "whole" FROM t',
    "SELECT t.c1 /* it's 5 o'clock */ FROM t -- and 'that'",
    "CREATE INDEX payments_2026 ON payments (id)",
  ],
};
