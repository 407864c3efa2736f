import { expect, test } from "vitest";
import { from, serve, serving } from "./serve.ts";

test.each([
  ["express 4", "async"],
  ["express", "sync"],
  ["express", "async"],
  ["fastify", "sync"],
  ["fastify", "async"],
  ["nest on express", "sync"],
  ["nest on fastify", "async"],
])(
  "%s, with functions that are %s: one that throws, or gives no id, is told once and counted, and the request goes on",
  async (framework, mode) => {
    const seen: object[] = [];
    const { receiver, output } = await serve(serving(framework, mode), async (ask) => {
      for (const headers of [
        from("throws", "org_42"),
        from("throws", "org_42"),
        from("usr_jane", "throws"),
        from("usr_jane", "is nobody"),
      ]) {
        const { status, tenant, user } = await ask("/who", { headers });
        seen.push({ status, tenant, user });
      }
    });
    expect(seen).toEqual([
      { status: 200, tenant: "org_42", user: undefined },
      { status: 200, tenant: "org_42", user: undefined },
      { status: 200, tenant: undefined, user: "usr_jane" },
      { status: 200, tenant: undefined, user: "usr_jane" },
    ]);
    const threw = mode === "async" ? "rejected with" : "threw";
    const rest = "requests go on without it, and are counted";
    const told = "ASSAY_OTEL: warn the function that gives a request's";
    expect(output.trim().split("\n")).toEqual([
      `${told} user ${threw} a TypeError; ${rest}`,
      `${told} tenant ${threw} a TypeError; ${rest}`,
      `${told} tenant gave object that cannot be used; ${rest}`,
    ]);
    const failures = receiver.metrics().findLast(({ name }) => name === "finance.context.failures");
    const counts = failures?.points.map(({ attributes, value }) => [
      `${String(attributes["finance.context.part"])} ${String(attributes["finance.context.failure.reason"])}`,
      value,
    ]);
    expect(Object.fromEntries(counts ?? [])).toEqual({
      "user thrown": 2,
      "user late": 0,
      "user invalid": 0,
      "tenant thrown": 1,
      "tenant late": 0,
      "tenant invalid": 1,
      "session thrown": 0,
      "session late": 0,
      "session invalid": 0,
    });
  },
);
