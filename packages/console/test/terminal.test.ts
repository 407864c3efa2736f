import { expect, test } from "vitest";
import { clean, colourWanted, cut, draw, fit, widthOf } from "../src/terminal.ts";

test("telemetry cannot move the cursor, set the title or turn the direction of text", () => {
  const hostile = [
    "\u001B[2Jcleared",
    "\u001B]0;title\u0007",
    "\u009B31mred",
    "a\u202Egnp.exe",
    "\u2066isolate\u2069",
    "zero\u200Bwidth\uFEFF",
    "lone\uD800half",
    "del\u007Fete",
    "back\bspace\0",
  ];
  expect(hostile.map(clean)).toEqual([
    "[2Jcleared",
    "]0;title",
    "31mred",
    "agnp.exe",
    "isolate",
    "zerowidth",
    "lonehalf",
    "delete",
    "backspace",
  ]);
});

test("line breaks and tabs become one space, so that a text cannot fake a line", () => {
  expect(clean("one\r\ntwo\tthree\u2028four\u0085five")).toBe("one two three four five");
});

test("every piece of a drawn line is cleaned, also when it is coloured", () => {
  const line = [["\u001B[31m"], ["a\u001B[0mb", "red"], ["\nc"]] as const;
  expect([draw([line]), draw([line], { colour: true })]).toEqual([
    "[31ma[0mb c",
    "[31m\u001B[31ma[0mb\u001B[39m c",
  ]);
});

test("a line longer than the terminal is cut with an ellipsis and loses no colour reset", () => {
  const line = [["12345"], ["67890", "red"], ["more"]] as const;
  expect([
    draw([line], { width: 14 }),
    draw([line], { width: 13 }),
    draw([line], { width: 10 }),
    draw([line], { width: 8, colour: true }),
  ]).toEqual(["1234567890more", "1234567890mo…", "123456789…", "12345\u001B[31m67…\u001B[39m"]);
});

test("wide characters count two columns and combining ones none", () => {
  expect([widthOf("日本"), widthOf("e\u0301"), cut("日本語です", 6), fit("日本", 6)]).toEqual([
    4,
    1,
    "日本…",
    "日本  ",
  ]);
});

test("NO_COLOR wins, then FORCE_COLOR, then TERM=dumb, then the terminal", () => {
  const terminal = { isTTY: true };
  const pipe = { isTTY: false };
  expect([
    colourWanted(terminal, {}),
    colourWanted(pipe, {}),
    colourWanted({}, {}),
    colourWanted(terminal, { NO_COLOR: "1", FORCE_COLOR: "1" }),
    colourWanted(terminal, { NO_COLOR: "" }),
    colourWanted(pipe, { FORCE_COLOR: "1" }),
    colourWanted(terminal, { FORCE_COLOR: "0" }),
    colourWanted(terminal, { TERM: "dumb" }),
    colourWanted(pipe, { TERM: "dumb", FORCE_COLOR: "3" }),
  ]).toEqual([true, false, false, false, true, true, false, false, true]);
});
