import { AT, type Rule, type Sight, type Span } from "./rule.ts";

/** E-mail addresses, in any script. */
export const email: Rule = {
  name: "email",
  needs: AT,
  find,
  removes: [
    "login jane.doe@example.co.ke",
    "Jane <jane@ex.io>",
    "mailto:ops+x@bank.example?a=b",
    "j@xn--e1afmkfd.xn--p1ai",
  ],
  keeps: [
    "user@localhost foo@1.2.3",
    "git@github.com:org/app.git",
    "icon@2x.png",
    "@opentelemetry/api@1.10.0",
    "next@15.0.0-canary.1",
  ],
};

const LOCAL = /[\p{L}\p{N}._%+'-]/u;
const DOMAIN = /[\p{L}\p{N}.-]/u;
// Endings of files and packages; no top-level domain is spelled like these.
const NOT_TLD =
  /^(?:png|jpe?g|gif|webp|svg|ico|[cm]?js|[cm]?ts|jsx|tsx|json|ya?ml|css|html?|txt|log|map|sql|wasm|node|tgz|gz|xz)$/i;

function find({ view: { text } }: Sight): Span[] {
  const spans: Span[] = [];
  let floor = 0;
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > floor && at - start < 64 && LOCAL.test(text.charAt(start - 1))) start--;
    while (start < at && /[.%+'-]/.test(text.charAt(start))) start++;
    if (start === at || text.slice(start, at).toLowerCase() === "git") continue;
    let limit = at + 1;
    while (limit < text.length && limit - at < 254 && DOMAIN.test(text.charAt(limit))) limit++;
    const length = domainLength(text.slice(at + 1, limit));
    if (length === 0) continue;
    floor = at + 1 + length;
    spans.push({ start, end: floor, class: "pii", marker: "[email]", detector: "email" });
  }
  return spans;
}

// Up to the last label that can be a top-level domain; 0 when there is none.
function domainLength(run: string): number {
  const labels = run.split(".");
  // A version, as in package@1.2.3-beta.
  if (/^\d/.test(labels[0] ?? "") && /^\d/.test(labels[1] ?? "")) return 0;
  for (let count = labels.length; count >= 2; count--) {
    const last = labels[count - 1] ?? "";
    const valid = labels.slice(0, count).every((label) => label.length > 0 && label.length < 64);
    if (valid && /^(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})$/iu.test(last) && !NOT_TLD.test(last)) {
      return labels.slice(0, count).join(".").length;
    }
  }
  return 0;
}
