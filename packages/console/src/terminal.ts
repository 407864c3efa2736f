/** How text looks; `plain` text has no style of its own. */
export type Style = "plain" | "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** A piece of a line: its text, which may be untrusted, and its style. */
export type Segment = readonly [text: string, style?: Style];

/** A line of the terminal, not yet cleaned or cut. */
export type Line = readonly Segment[];

/** How a text is drawn. */
export interface DrawOptions {
  /** Whether styles are written as colour codes. */
  colour?: boolean;
  /** Columns of the terminal; longer lines are cut with an ellipsis. */
  width?: number;
}

const CODES: Readonly<Record<Style, readonly [on: string, off: string]>> = {
  plain: ["", ""],
  bold: ["\u001B[1m", "\u001B[22m"],
  dim: ["\u001B[2m", "\u001B[22m"],
  red: ["\u001B[31m", "\u001B[39m"],
  green: ["\u001B[32m", "\u001B[39m"],
  yellow: ["\u001B[33m", "\u001B[39m"],
  cyan: ["\u001B[36m", "\u001B[39m"],
};

/**
 * Draws lines. The only way to the terminal: every piece of text is cleaned here, so that no
 * telemetry can move the cursor, change the title or hide behind a change of direction.
 */
export function draw(
  lines: readonly Line[],
  { colour = false, width = 100 }: DrawOptions = {},
): string {
  return lines.map((line) => drawLine(line, colour, width)).join("\n");
}

function drawLine(line: Line, colour: boolean, width: number): string {
  let left = width;
  let drawn = "";
  const last = line.length - 1;
  const texts = line.map(([text]) => clean(text));
  const rest = texts.map((_, index) => widthOf(texts.slice(index).join("")));
  for (const [index, [, style = "plain"]] of line.entries()) {
    const isEnd = index === last;
    let text = texts[index]!;
    // The ellipsis belongs to the piece that does not fit, also when only what follows it is cut.
    if (rest[index]! > left && widthOf(text) >= left) text = cut(text, left, true);
    else if (isEnd) text = text.trimEnd();
    left -= widthOf(text);
    const [on, off] = colour && text !== "" ? CODES[style] : ["", ""];
    drawn += `${on}${text}${off}`;
    if (left <= 0) break;
  }
  return colour ? drawn : drawn.trimEnd();
}

const SPACES = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
// C0, DEL, C1, and every format character: direction overrides and isolates, zero width, tags.
// And halves of surrogate pairs, which are no characters.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Removes control and format characters; line breaks and tabs become one space. */
export function clean(text: string): string {
  return text.replaceAll(SPACES, " ").replaceAll(INVISIBLE, "");
}

const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{20000}-\u{3FFFD}])$/u;

/** How many columns a cleaned text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
}

function widthOfCharacter(character: string): number {
  if (character < "\u0300") return 1;
  if (/^\p{M}$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Cuts a cleaned text to a number of columns, with an ellipsis where something is gone. */
export function cut(text: string, width: number, isMore = false): string {
  if (!isMore && widthOf(text) <= width) return text;
  let result = "";
  let left = width - 1;
  for (const character of text) {
    const columns = widthOfCharacter(character);
    if (columns > left) break;
    result += character;
    left -= columns;
  }
  return width < 1 ? "" : `${result.trimEnd()}…`;
}

/** Cleans a text and fits it to exactly a number of columns. */
export function fit(
  text: string,
  width: number,
  { alignRight = false }: { alignRight?: boolean } = {},
): string {
  const short = cut(clean(text), width);
  const padding = " ".repeat(Math.max(0, width - widthOf(short)));
  return alignRight ? padding + short : short + padding;
}

/**
 * Whether to colour what is written to a stream: NO_COLOR says no, FORCE_COLOR yes (0 and false:
 * no), TERM=dumb no; else only on a terminal.
 */
export function colourWanted(
  stream: { isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  const force = env["FORCE_COLOR"];
  if (force !== undefined) return force !== "0" && force !== "false";
  return env["TERM"] !== "dumb" && stream.isTTY === true;
}
