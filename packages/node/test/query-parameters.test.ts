import { createRedactor } from "@assay/redaction";
import { expect, test } from "vitest";
import { withoutParameters } from "../src/query-parameters.ts";

const redactor = withoutParameters(createRedactor(), ["colour", "X.Sig"]);

test.each([
  [
    "url.full",
    "https://host.example/a?colour=red&b=2",
    "https://host.example/a?colour=[removed]&b=2",
  ],
  ["url.full", "/a?b=2&COLOUR=red#top", "/a?b=2&COLOUR=[removed]#top"],
  ["url.query", "colour=red&x.sig=abc", "colour=[removed]&x.sig=[removed]"],
  ["url.query", "mycolour=red&xxsig=abc", "mycolour=red&xxsig=abc"],
  ["app.note", "colour=red of ?colour=red", "colour=red of ?colour=[removed]"],
  ["app.notes", ["/a?colour=red", 7], ["/a?colour=[removed]", 7]],
  ["app.note", "/a?colour=red&card=4111111111111111", "/a?colour=[removed]&card=411111******1111"],
])("of %s %j leaves %j, alone and in a batch", (key, value, left) => {
  expect([redactor.value(key, value), redactor.batch([[key, value]])]).toEqual([left, [left]]);
});

test("texts without a key lose the values, too", () => {
  expect(redactor.text("GET /a?colour=red")).toBe("GET /a?colour=[removed]");
});
