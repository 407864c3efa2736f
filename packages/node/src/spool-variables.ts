import type { PseudonymKey } from "@assay/redaction";
import { keysOf } from "./key-variable.ts";
import { spoolFolderAt } from "./spool-path.ts";
import { POSITIVE, type Variable } from "./variable.ts";

interface SpoolConfig {
  /** Empty: there is no spool. */
  spoolDir: string;
  spoolKeys: readonly PseudonymKey[];
  spoolBytes: number;
}

const KEYS = "a file with lines of id=base64, each key of 32 bytes or more";
const UNTIL_THEN = "Nothing is spooled until then.";

export const SPOOL_VARIABLES: { [Name in keyof SpoolConfig]: Variable<SpoolConfig[Name]> } = {
  spoolDir: {
    name: "ASSAY_SPOOL_DIR",
    parse: spoolFolderAt,
    fallback: "",
    expected: "the path of a folder that is no link and that this user alone can open (mode 700)",
    otherwise: UNTIL_THEN,
    about: "Folder in which batches are kept, encrypted, until the Collector acknowledges them.",
  },
  spoolKeys: {
    name: "ASSAY_SPOOL_KEY_FILE",
    parse: keysOf,
    fallback: [],
    expected: `the path of ${KEYS}`,
    otherwise: UNTIL_THEN,
    about: "Keys of the spool, the newest first; without it nothing is spooled.",
  },
  spoolBytes: {
    name: "ASSAY_SPOOL_MAX_BYTES",
    ...POSITIVE,
    fallback: 268_435_456,
    about: "Bytes that the spool of a process may take; above it the oldest batches go.",
  },
};

/** Says what is missing when there is a folder and no word of a key; a wrong key is told by its variable. */
export function spoolTrouble(env: NodeJS.ProcessEnv): string | undefined {
  const isSet = (name: string): boolean => (env[name] ?? "").trim() !== "";
  if (!isSet("ASSAY_SPOOL_DIR") || isSet("ASSAY_SPOOL_KEY_FILE")) return undefined;
  return `ASSAY_SPOOL_DIR is set and ASSAY_SPOOL_KEY_FILE is not; name ${KEYS}. ${UNTIL_THEN}`;
}
