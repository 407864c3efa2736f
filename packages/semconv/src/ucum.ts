// Units that telemetry has a use for; the whole of UCUM is some three hundred atoms.
const ATOMS = new Set(
  "1 % s ms us ns min h d wk By kBy MBy GBy KiBy MiBy GiBy TiBy bit Hz Cel V A W J m g".split(" "),
);

/** Whether a unit is UCUM as OpenTelemetry uses it: `s`, `By/s`, `{payment}`, `1`. */
export function isUcum(unit: string): boolean {
  return unit.split(/[/.]/).every((part) => {
    const match = /^([^{}]*)(\{[a-z][a-z_]*\})?$/.exec(part);
    if (match === null) return false;
    const [, atom = "", annotation] = match;
    return atom === "" ? annotation !== undefined : ATOMS.has(atom);
  });
}
