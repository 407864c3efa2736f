// No leading zeros, as in semantic versions: 0712.345.678 is a phone number. Three numbers, as four may be an address.
const NUMBER = "(?:0|[1-9][0-9]{0,4})";
// A closed list, so that nobody's name is in a version.
const STAGE =
  "(?:alpha|beta|canary|debug|dev|hotfix|internal|nightly|pre|preview|rc|release|snapshot|staging)";
const VERSION = new RegExp(
  `^v?((${NUMBER}\\.${NUMBER})(?:\\.${NUMBER})?(?:-${STAGE}(?:[.-]?[0-9]{1,4})?)?(?:\\+[0-9]{1,6})?)$`,
  "i",
);
const LONGEST = 40;
// A card number has twelve digits or more, a phone number with its country most often eleven or more.
const MOST_DIGITS = 10;

/** The version that a client says it has. */
export interface ClientVersion {
  /** Whole: "5.12.3-rc.1". */
  version: string;
  /** Its major and minor number: "5.12". */
  minor: string;
}

/**
 * Reads the version of a client; undefined of what does not look like one, since a caller may write there what it wants.
 *
 * A version has two or three numbers, then a stage (`-beta.2`) and a build (`+412`), and at most ten digits.
 */
export function readVersion(given: string): ClientVersion | undefined {
  if (given.length > LONGEST) return undefined;
  const [, version, minor] = VERSION.exec(given.trim()) ?? [];
  if (version === undefined || minor === undefined) return undefined;
  const digits = version.replaceAll(/[^0-9]/g, "").length;
  return digits > MOST_DIGITS ? undefined : { version, minor };
}
