import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { proveAssay, proveUpstream } from "./canary.ts";
import { expectedAt, findings } from "./matrix.ts";
import { EXITS } from "./surfaces.ts";

const seed = randomBytes(6).toString("hex");

describe(`canaries of seed ${seed}`, () => {
  it("do not leave a process under Assay by any exit", { timeout: 300_000 }, async () => {
    const { result } = await proveAssay(seed);

    expect(findings(result)).toEqual([]);
  });

  // Every secret in every cell that is tried: so each was where it is looked for, and the search finds it.
  it(
    "leave a process under upstream's preload from every surface",
    { timeout: 300_000 },
    async () => {
      const { result, captured, canaries, surfaces } = await proveUpstream(seed);

      // Of a label's name upstream's /metrics writes what is neither letter nor digit as `_`, and with it the form.
      const isMangled = (marker: string, exit: string): boolean =>
        exit === "/metrics" &&
        canaries.some(
          (each) =>
            each.marker === marker && each.surface === "metric_key" && each.form !== undefined,
        );
      const leaked = new Set(result.leaks.map(({ canary, exit }) => `${canary.marker} ${exit}`));
      const kept = EXITS.filter((exit) => captured[exit] !== undefined).flatMap((exit) =>
        [...expectedAt(exit, canaries, surfaces)]
          .filter((marker) => !isMangled(marker, exit))
          .map((marker) => `${marker} ${exit}`)
          .filter((cell) => !leaked.has(cell)),
      );
      expect({ kept, lost: result.lost }).toEqual({ kept: [], lost: [] });
      // 60 surfaces and more, nine kinds on most: the floor only says that the table has not become empty.
      expect(result.leaks.length).toBeGreaterThan(500);
    },
  );
});
