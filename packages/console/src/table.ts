import { clean, fit, widthOf, type Line, type Style } from "./terminal.ts";

/** A column: its heading, and whether its cells are numbers, which stand to the right. */
export interface Column {
  heading: string;
  isNumber?: boolean;
}

/** A cell: its text, and a style when it has one. */
export type Cell = string | readonly [text: string, style: Style];

const GAP = "  ";
const MAX_CELL = 40;

/** Lays out a table, each column as wide as its widest cell but no wider than 40 columns. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[]): Line[] {
  const widths = columns.map(({ heading }, index) =>
    Math.min(MAX_CELL, Math.max(...[heading, ...rows.map((row) => textOf(row[index]))].map(width))),
  );
  const line = (cells: readonly Cell[], style: Style): Line =>
    columns.flatMap(({ isNumber = false }, index) => {
      const cell = cells[index] ?? "";
      const text = fit(textOf(cell), widths[index]!, { alignRight: isNumber });
      const own = typeof cell === "string" ? style : cell[1];
      return [[index === 0 ? "  " : GAP], [text, own]] as const;
    });
  return [
    line(
      columns.map(({ heading }) => heading),
      "dim",
    ),
    ...rows.map((row) => line(row, "plain")),
  ];
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return "";
  return typeof cell === "string" ? cell : cell[0];
}

function width(text: string): number {
  return widthOf(clean(text));
}
