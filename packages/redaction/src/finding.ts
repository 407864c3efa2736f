/** Data class of what was found: the sensitive values of `finance.data.classification`. */
export type DataClass = "pci_chd" | "pci_sad" | "credential" | "pii" | "confidential";

/** One thing that was redacted. It never carries the value. */
export interface Finding {
  class: DataClass;
  action: "removed" | "masked" | "hashed";
  detector: string;
}
