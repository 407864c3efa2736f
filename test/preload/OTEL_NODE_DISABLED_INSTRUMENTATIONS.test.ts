import { expect, test } from "vitest";
import { sent } from "./sent.ts";

test("OTEL_NODE_DISABLED_INSTRUMENTATIONS are not used; none by default", async () => {
  const [given, byDefault] = await Promise.all([
    sent({
      file: "app.cjs",
      args: ["fastify"],
      env: { OTEL_NODE_DISABLED_INSTRUMENTATIONS: "http" },
    }),
    sent({ file: "app.cjs", args: ["fastify"] }),
  ]);
  expect([given, byDefault].map(({ spans }) => spans.length)).toEqual([0, 2]);
});

test("a wrong OTEL_NODE_DISABLED_INSTRUMENTATIONS is one sentence, and the default is used", async () => {
  const { code, said, spans } = await sent({
    file: "app.cjs",
    args: ["fastify"],
    env: { OTEL_NODE_DISABLED_INSTRUMENTATIONS: "http,htpp" },
  });
  expect({ code, said, spans: spans.length }).toEqual({
    code: 0,
    said: [
      expect.stringMatching(
        /^ASSAY_CONFIG: OTEL_NODE_DISABLED_INSTRUMENTATIONS is "http,htpp"; use a list of amqplib, .+, winston. It is ignored.$/,
      ),
    ],
    spans: 2,
  });
});
