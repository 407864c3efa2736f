import { describe, expect, it } from "vitest";
import { findings, judge, render } from "./matrix.ts";
import { mint } from "./mint.ts";
import { createSearch } from "./search.ts";
import { type Reach, SURFACES } from "./surfaces.ts";

const reach: Reach = { ...SURFACES[0]!.reach, OTLP: true, Jaeger: true, headers: "none" };
const surfaces = [{ name: "name", kinds: ["email"] as const, reach, forms: false }];
const canaries = mint("unit", ["name"]).filter(({ kind }) => kind === "email");
const search = createSearch(canaries);
const { marker, secret } = canaries[0]!;

describe("the matrix", () => {
  it("is well when the marker arrived and the secret did not", () => {
    const captured = { OTLP: [marker], Jaeger: [`x ${marker}`], headers: [""] };
    const result = judge(captured, canaries, surfaces, search);

    expect(findings(result)).toEqual([]);
    expect(render(result, captured)).toBe(
      [
        "      OTLP  headers  Jaeger",
        "name  ok    –        ok",
        "",
        "       OTLP  headers  Jaeger",
        "plain  ok    –        ok",
        "",
        "0 survivors, 2 cells, 2 markers arrived",
      ].join("\n"),
    );
  });

  it("fails a cell into which nothing was delivered", () => {
    const result = judge({ OTLP: [marker], Jaeger: [] }, canaries, surfaces, search);

    expect(findings(result)).toEqual(["LOST  name  email  Jaeger"]);
  });

  it("fails a cell with a survivor, also one where the surface never arrives", () => {
    const captured = { OTLP: [marker], headers: [`baggage: a=${encodeURIComponent(secret)}`] };
    const result = judge(captured, canaries, surfaces, search);

    expect(result.rows).toEqual([{ surface: "name", cells: ["ok", "LEAK 1"] }]);
    expect(findings(result)[0]).toMatch(
      /^LEAK {2}name {2}email {2}plain {2}headers {2}raw {2}1 times/,
    );
    expect(findings(result)[0]).not.toContain(secret.split("@")[0]);
  });

  it("says of every cell that is not tried why", () => {
    const reasons = SURFACES.flatMap((surface) => Object.values(surface.reach));

    expect(reasons.filter((reason) => reason !== true && reason.length < 10)).toEqual([]);
  });
});
