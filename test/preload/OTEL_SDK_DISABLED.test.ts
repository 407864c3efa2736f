import { expect, test } from "vitest";
import { once, sent, told } from "./sent.ts";

test("OTEL_SDK_DISABLED=true sends nothing, says nothing and loads nothing but the preload's first file", async () => {
  const wrong = { OTEL_TRACES_SAMPLER_ARG: "1.5" };
  const [off, loaded] = await Promise.all([
    sent({ env: { OTEL_SDK_DISABLED: "true", ...wrong } }),
    sent({ file: "loaded.cjs", env: { OTEL_SDK_DISABLED: " True", ...wrong } }),
  ]);
  expect({ code: off.code, said: off.said, requests: off.requests }).toEqual({
    code: 0,
    said: [],
    requests: [],
  });
  const files = JSON.parse(loaded.said.join("")) as string[];
  expect(files.map((file) => file.split("/").at(-1))).toEqual(["register.js"]);
});

test("without it an application of no lines loads the preload's four files and no more", async () => {
  const { said } = await sent({ file: "loaded.cjs" });
  const files = JSON.parse(said.join("")) as string[];
  expect(files.map((file) => file.split("/").at(-1))).toEqual([
    "register.js",
    "start.js",
    "core.js",
    "rolldown-runtime.js",
  ]);
});

test("a wrong OTEL_SDK_DISABLED is one sentence", async () => {
  expect(await told("OTEL_SDK_DISABLED", "yes")).toEqual(
    once('OTEL_SDK_DISABLED is "yes"; use true or false. Assay uses false.'),
  );
});
