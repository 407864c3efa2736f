/** Data class of what was found: the sensitive values of `finance.data.classification`. */
export type DataClass = "pci_chd" | "pci_sad" | "credential" | "pii";

/** One thing that was redacted. It never carries the value. */
export interface Finding {
  class: DataClass;
  action: "removed" | "masked";
  detector: string;
}

export interface RedactorOptions {
  /** Characters kept of a string, counted after redaction. Default: all of them. */
  truncateAt?: number;
  /** Called once for each thing redacted. */
  onFinding?: (finding: Finding) => void;
}

export interface Redactor {
  value(key: string, value: unknown): unknown;
  text(text: string): string;
}

const PAN = /(?<![\dA-Fa-f])\d{4}([ -]?)\d{4}\1\d{4}\1\d{4}(?![\dA-Fa-f])/g;
const EMAIL = /[\w.+-]{1,64}(?:@|%40)[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24}/gi;
const PHONE = /(?<![\w.])\+?254[17]\d{8}(?!\w)/g;
const SECRET_KEY = /password|passwd|secret|authorization|api[-_]?key|cookie/i;
const SAD_KEY = /^(?:.*[._-])?(?:cvv2?|cvc2?|pin|pin_?block)$/i;

/** Makes a redactor. */
export function createRedactor({
  onFinding,
  truncateAt = Infinity,
}: RedactorOptions = {}): Redactor {
  const found = (finding: Finding, marker: string): string => {
    onFinding?.(finding);
    return marker;
  };
  const text = (input: string): string =>
    input
      .replace(PAN, (pan) => {
        const digits = pan.replace(/\D/g, "");
        return found(
          { class: "pci_chd", action: "masked", detector: "pan" },
          `${digits.slice(0, 6)}******${digits.slice(-4)}`,
        );
      })
      .replace(EMAIL, () =>
        found({ class: "pii", action: "removed", detector: "email" }, "[email]"),
      )
      .replace(PHONE, () =>
        found({ class: "pii", action: "removed", detector: "phone" }, "[phone]"),
      )
      .slice(0, truncateAt);
  const value = (key: string, input: unknown): unknown => {
    if (SAD_KEY.test(key)) {
      return found({ class: "pci_sad", action: "removed", detector: "key" }, "") || undefined;
    }
    if (typeof input === "string") {
      return SECRET_KEY.test(key)
        ? found({ class: "credential", action: "removed", detector: "key" }, "[credential]")
        : text(input);
    }
    if (Array.isArray(input)) return input.map((item) => value(key, item));
    if (typeof input === "object" && input !== null) {
      return Object.fromEntries(
        Object.entries(input).map(([name, item]) => [text(name), value(name, item)]),
      );
    }
    return input;
  };
  return { value, text };
}
