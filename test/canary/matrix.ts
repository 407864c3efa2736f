import type { Canary } from "./mint.ts";
import type { Search, Survivor } from "./search.ts";
import { type Exit, EXITS, type Surface } from "./surfaces.ts";

/** All that was captured, by exit. */
export type Captured = Partial<Record<Exit, readonly string[]>>;

/** A secret that got out, and where. */
export interface Leak extends Survivor {
  exit: Exit;
}

/** A canary whose marker did not arrive where its surface goes: what was to be searched was never there. */
export interface Lost {
  canary: Canary;
  exit: Exit;
}

export interface Result {
  leaks: Leak[];
  lost: Lost[];
  /** A canary whose marker arrived where the table says that its surface never does. */
  stray: Lost[];
  /** Cells of one surface, one form and one exit that were tried. */
  cells: number;
  /** Markers that arrived where they had to. */
  arrived: number;
  rows: { surface: string; cells: string[] }[];
  /** The same by form, over all surfaces on which it was planted. */
  forms: { form: string; cells: string[] }[];
}

const PLAIN = "plain";

/** Searches what was captured. An exit that was not captured is not judged. */
export function judge(
  captured: Captured,
  canaries: readonly Canary[],
  surfaces: readonly Surface[],
  search: Search,
): Result {
  const result: Result = {
    leaks: [],
    lost: [],
    stray: [],
    cells: 0,
    arrived: 0,
    rows: [],
    forms: [],
  };
  const exits = EXITS.filter((exit) => captured[exit] !== undefined);
  const columns = exits.map((exit) => {
    const text = captured[exit]!.join("\n");
    return { exit, survivors: search.survivors(text), arrived: search.arrived(text) };
  });
  for (const { name, reach } of surfaces) {
    const planted = canaries.filter((canary) => canary.surface === name);
    const cells = columns.map(({ exit, survivors, arrived }) => {
      const leaks = survivors.filter(({ canary }) => canary.surface === name);
      result.leaks.push(...leaks.map((leak) => ({ ...leak, exit })));
      if (reach[exit] !== true) {
        const stray = planted.filter(({ marker }) => arrived.has(marker));
        result.stray.push(...stray.map((canary) => ({ canary, exit })));
        if (leaks.length > 0) return `LEAK ${leaks.length}`;
        return stray.length > 0 ? `STRAY ${stray.length}` : "–";
      }
      const lost = planted.filter(({ marker }) => !arrived.has(marker));
      result.cells += new Set(planted.map(formOf)).size;
      result.arrived += planted.length - lost.length;
      result.lost.push(...lost.map((canary) => ({ canary, exit })));
      if (leaks.length > 0) return `LEAK ${leaks.length}`;
      return lost.length > 0 ? `LOST ${lost.length}` : "ok";
    });
    result.rows.push({ surface: name, cells: [...cells] });
  }
  for (const form of new Set(canaries.map(formOf))) {
    const cells = columns.map(({ exit }) => {
      const of = ({ canary, exit: at }: Lost): boolean => at === exit && formOf(canary) === form;
      const leaks = result.leaks.filter(of).length;
      const lost = result.lost.filter(of).length;
      if (leaks > 0) return `LEAK ${leaks}`;
      return lost > 0 ? `LOST ${lost}` : isTried(form, exit, canaries, surfaces) ? "ok" : "–";
    });
    result.forms.push({ form, cells });
  }
  return result;
}

function formOf({ form }: Canary): string {
  return form ?? PLAIN;
}

function isTried(
  form: string,
  exit: Exit,
  canaries: readonly Canary[],
  surfaces: readonly Surface[],
): boolean {
  const names = new Set(
    canaries.filter((each) => formOf(each) === form).map((each) => each.surface),
  );
  return surfaces.some(({ name, reach }) => names.has(name) && reach[exit] === true);
}

/** The markers that must arrive at an exit. */
export function expectedAt(
  exit: Exit,
  canaries: readonly Canary[],
  surfaces: readonly Surface[],
): Set<string> {
  const names = new Set(
    surfaces.filter(({ reach }) => reach[exit] === true).map(({ name }) => name),
  );
  return new Set(canaries.filter(({ surface }) => names.has(surface)).map(({ marker }) => marker));
}

/** The matrix as text, by surface and by form, and below it every survivor and every lost marker. */
export function render(result: Result, captured: Captured): string {
  const exits = EXITS.filter((exit) => captured[exit] !== undefined);
  const surfaces = result.rows.map(({ surface, cells }) => [surface, ...cells]);
  const forms = result.forms.map(({ form, cells }) => [form, ...cells]);
  return [
    ...drawn([["", ...exits], ...surfaces]),
    "",
    ...drawn([["", ...exits], ...forms]),
    "",
    ...findings(result),
    total(result),
  ].join("\n");
}

function drawn(table: readonly string[][]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd(),
  );
}

/** One line for every survivor, every lost marker and every marker where the table does not expect it. */
export function findings({ leaks, lost, stray }: Result): string[] {
  return [
    ...leaks.map(
      ({ canary: { surface, kind, form = PLAIN }, exit, encoding, count, context }) =>
        `LEAK  ${surface}  ${kind}  ${form}  ${exit}  ${encoding}  ${count} times  ${context}`,
    ),
    ...lost.map(({ canary: { surface, kind }, exit }) => `LOST  ${surface}  ${kind}  ${exit}`),
    ...stray.map(({ canary: { surface, kind }, exit }) => `STRAY  ${surface}  ${kind}  ${exit}`),
  ];
}

function total({ leaks, lost, cells, arrived }: Result): string {
  const missing = lost.length === 0 ? "" : `, ${lost.length} markers lost`;
  return `${leaks.length} survivors, ${cells} cells, ${arrived} markers arrived${missing}`;
}
