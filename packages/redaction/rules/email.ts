/** E-mail addresses, in any script. */
export const email = {
  name: "email",
  patterns: {
    domain: /^(?:\p{L}{2,24}|xn--[a-z0-9-]{2,59})$/iu,
    // Endings of files and packages; no top-level domain is spelled like these.
    file: /^(?:png|jpe?g|gif|webp|svg|ico|[cm]?js|[cm]?ts|jsx|tsx|json|ya?ml|css|html?|txt|log|map|sql|wasm|node|tgz|gz|xz)$/i,
  },
  re2: [
    {
      what: "E-mail addresses.",
      pattern: /[A-Za-z0-9._+-]+(?:@|%40)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/,
      finds: ["login jane.doe@example.co.ke", "mailto:ops+x@bank.example?a=b"],
      mistakes: ["git@github.com:org/app.git", "icon@2x.png"],
    },
  ],
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
