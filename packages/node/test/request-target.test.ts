import { expect, test } from "vitest";
import { splitTarget } from "../src/request-target.ts";

// Most of them are cut and not parsed; that must not show.
const TARGETS = [
  "/",
  "/payments/7",
  "/a.b/c-d_e~f/$&+,;=:@!*()",
  "/a//b",
  "/a/../b",
  "/a/./b/..",
  "/.hidden",
  "/a/%2e%2e/b",
  "/%C3%BC",
  "/ü",
  "/a b",
  '/a"<>|{}^`b',
  "/a\\b",
  "//host/a",
  "http://other.test:8080/a?b=1",
  "*",
  "",
  "/a#b",
  "/a?",
  "/a?b",
  "/a?b=",
  "/a?b=1&c=2",
  "/a?b=1&&c=2&",
  "/a?b=1#c",
  "/a?b=two+words&c=%20",
  "/a?b=%2f%41",
  "/a?b=~'!()*",
  "/a?b=ü&c=%zz",
  "/a?=1",
  "/a?b=c=d",
  "/a?b=?/:@",
];

test.each(TARGETS)("%j is split as URL and URLSearchParams have it", (target) => {
  const { pathname, search } = new URL(target, "http://localhost");
  const query = new URLSearchParams(search).toString();
  const written = splitTarget(target);
  expect(written).toEqual({ path: pathname, query });
});

test.each([
  ["/a?sig=x&b=1", "sig=REDACTED&b=1"],
  ["/a?b=1&X-Amz-Signature=x", "b=1&X-Amz-Signature=REDACTED"],
  ["/a?Signature=x&Signature=y", "Signature=REDACTED"],
  ["/a?signature=x&design=y", "signature=x&design=y"],
])("of %j the signature is taken out", (target, query) => {
  expect(splitTarget(target)).toEqual({ path: "/a", query });
});

test("what is no target has no path", () => {
  expect(splitTarget("//")).toBeUndefined();
});
