/** A row, as src/options.ts gives it. */
interface Option {
  name: string;
  fallback: string;
  about: string;
  key: string;
}

const BEGIN =
  "<!-- options: written from packages/node/src/config.ts by `npm run generate`; begin -->";
const END = "<!-- options: end -->";
const HEAD = ["variable", "default", "what it does", "key in the configuration file"];

/** Gives the README with the table of these options between its two markers. */
export function withOptions(readme: string, options: readonly Option[]): string {
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`README.md has no lines ${BEGIN} and ${END}.`);
  return `${readme.slice(0, begin)}${BEGIN}\n\n${tableOf(options)}\n\n${readme.slice(end)}`;
}

// Cells are padded as the formatter pads them.
function tableOf(options: readonly Option[]): string {
  const rows = options.map(({ name, fallback, about, key }) => [
    `\`${name}\``,
    fallback === "" || fallback === "Infinity" ? "none" : `\`${fallback}\``,
    about,
    key === "" ? "none" : `\`${key}\``,
  ]);
  const widths = HEAD.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], fill = " "): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(" | ")} |`;
  const rule = line(
    HEAD.map(() => "---"),
    "-",
  );
  return [line(HEAD), rule, ...rows.map((row) => line(row))].join("\n");
}
