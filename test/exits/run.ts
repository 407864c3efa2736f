import { ENDINGS, isSound, runCell, SYSTEMS } from "./matrix.ts";

// `npm run exits`: how a process ends under plain Node and under the preload, side by side, and what was lost.
// `npm run exits -- "thread: main exits"` does one of them.
const [only] = process.argv.slice(2);
const ROW = [32, 5, 10, 10, 9, 6, 6, 8] as const;
const row = (cells: readonly unknown[]): string =>
  cells.map((cell, index) => String(cell).padEnd(ROW[index] ?? 0)).join(" ");

console.log(
  row(["end", "as", "plain", "Assay", "finished", "lost", "twice", "sound", "open spans"]),
);
for (const ending of ENDINGS.filter(({ name }) => only === undefined || name === only)) {
  for (const system of SYSTEMS) {
    const cell = await runCell(system, ending);
    const { plain, assay, expected, lost, twice, endedBy } = cell;
    const isAsPlain = isSound(cell);
    console.log(
      row([
        ending.name,
        system,
        plain.signal ?? plain.code,
        assay.signal ?? assay.code,
        expected.length,
        lost.length,
        twice.length,
        isAsPlain ? "yes" : "NO",
        Object.entries(endedBy)
          .map(([name, by]) => `${name.replace(" open", "")}: ${String(by)}`)
          .toSorted()
          .join("; "),
      ]),
    );
    if (isAsPlain) continue;
    process.exitCode = 1;
    console.log(JSON.stringify({ plain, assay, lost, twice }, undefined, 2));
  }
}
