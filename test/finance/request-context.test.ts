import { expect, test } from "vitest";
import type { LogRecord } from "../support/otlp-receiver.ts";
import { type Answer, from, json, PLUGINS, pseudonym, serve, serving, type Who } from "./serve.ts";

const cells = PLUGINS.flatMap((each) => [[each, "sync"] as const, [each, "async"] as const]);

test.each(cells)(
  "%s, with functions that are %s: user, tenant and client are on the server span, user and tenant on its children, all on log records",
  async (framework, mode) => {
    const asked: Answer[] = [];
    const { receiver, output } = await serve(serving(framework, mode), async (ask) => {
      const headers = {
        ...from("usr_jane", "org_42"),
        "App-Version": "5.12.3-beta.1",
        "App-Platform": "iOS",
        "Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324",
        "x-session": "ses_1",
      };
      asked.push(await ask("/who", { headers }));
    });
    const traceId = asked[0]?.traceId;
    expect({ asked, output }).toEqual({
      asked: [{ status: 200, tenant: "org_42", user: "usr_jane", traceId }],
      output: "",
    });
    const whose = {
      "finance.tenant.id": "org_42",
      "finance.tenant.tier": "premium",
      "user.id": pseudonym("usr_jane"),
      "user.roles": ["cashier"],
      "finance.customer.tier": "business",
    };
    const client = {
      "finance.client.version": "5.12.3-beta.1",
      "finance.client.platform": "ios",
      "finance.idempotency.key_hash": pseudonym("8e03978e-40d5-43dd-bc93-6894a57f9324"),
      "finance.session.id": pseudonym("ses_1"),
    };
    const spans = receiver.spans().filter((span) => span.traceId === traceId);
    expect(spans.find(({ kind }) => kind === 2)?.attributes).toMatchObject({ ...whose, ...client });
    expect(spans.find(({ name }) => name === "work")?.attributes).toEqual(whose);
    const record = receiver.logs().find(({ body }) => body === "handled");
    expect(record?.attributes).toMatchObject({ ...whose, ...client });
  },
);

// With the API's context manager of upstream and no preload it is the same, but for spans and log records.
test.each(PLUGINS.flatMap((each) => [[each, "async"] as const, [each, "plain"] as const]))(
  "%s, %s: a body that is read, a handler that fails and a body that cannot be read keep user and tenant, to the handler of errors",
  async (framework, mode) => {
    const seen: object[] = [];
    const { output } = await serve(serving(framework, mode), async (ask) => {
      const headers = from("usr_jane", "org_42");
      for (const [path, init] of [
        ["/who", json(headers, "{}")],
        ["/broken", { headers }],
        ["/who", json(headers, "{")],
      ] as const) {
        const { status, tenant, user } = await ask(path, init);
        seen.push({ status, tenant, user });
      }
    });
    expect(output).toBe("");
    const whose = { tenant: "org_42", user: "usr_jane" };
    expect(seen).toEqual([
      { status: framework.startsWith("nest") ? 201 : 200, ...whose },
      { status: 500, ...whose },
      { status: 400, ...whose },
    ]);
  },
);

test.each(["express 4", "express", "fastify"])(
  "%s: listeners of a request and of its response are called for its user and tenant",
  async (framework) => {
    const asked: Answer[] = [];
    const { receiver } = await serve(serving(framework, "async"), async (ask) => {
      const headers = { ...from("usr_jane", "org_42"), "content-type": "text/plain" };
      asked.push(await ask("/form", { method: "POST", headers, body: "a=1" }));
    });
    expect(asked).toMatchObject([{ tenant: "org_42", user: "usr_jane" }]);
    const answered = receiver.logs().find(({ body }) => body === "answered");
    expect(answered?.attributes).toMatchObject({
      "finance.tenant.id": "org_42",
      "user.id": pseudonym("usr_jane"),
    });
  },
);

test.each(PLUGINS)(
  "%s: 50 requests at once keep each its own user and tenant",
  async (framework) => {
    const asked: Who[] = [];
    const { receiver, output } = await serve(serving(framework, "async"), async (ask) => {
      const all = Array.from({ length: 50 }, (_, at) => {
        const headers = from(`usr_${at}`, `org_${at % 7}`);
        return ask("/who", at % 2 === 0 ? { headers } : json(headers, "{}"));
      });
      asked.push(...(await Promise.all(all)));
    });
    expect(output).toBe("");
    expect(asked.map(({ user, tenant }) => [user, tenant])).toEqual(
      asked.map((_, at) => [`usr_${at}`, `org_${at % 7}`]),
    );
    const spans = receiver.spans();
    const records = receiver.logs();
    const expected = asked.map((_, at) => [pseudonym(`usr_${at}`), `org_${at % 7}`]);
    const finds: ((traceId: string) => Pick<LogRecord, "attributes"> | undefined)[] = [
      (traceId) => spans.find((one) => one.traceId === traceId && one.kind === 2),
      (traceId) => spans.find((one) => one.traceId === traceId && one.name === "work"),
      (traceId) => records.find((one) => one.traceId === traceId),
    ];
    for (const find of finds) {
      const found = asked.map(({ traceId }) => find(traceId)?.attributes ?? {});
      expect(found.map((each) => [each["user.id"], each["finance.tenant.id"]])).toEqual(expected);
    }
  },
);

test.each(["guarded nest on express", "guarded nest on fastify"])(
  "%s: guards have the tenant, and the interceptor adds the user that they found",
  async (framework) => {
    const seen: object[] = [];
    const { receiver, output } = await serve(serving(framework, "async"), async (ask) => {
      const headers = from("usr_jane", "org_42");
      for (const init of [{ headers }, json(headers, "{}")]) {
        const { status, tenant, user } = await ask("/who", init);
        seen.push({ status, tenant, user });
      }
    });
    expect(output).toBe("");
    expect(seen).toEqual([
      { status: 200, tenant: "org_42", user: "usr_jane" },
      { status: 201, tenant: "org_42", user: "usr_jane" },
    ]);
    const servers = receiver.spans().filter(({ kind }) => kind === 2);
    const his = pseudonym("usr_jane");
    expect(servers.map(({ attributes }) => attributes["user.id"])).toEqual([his, his]);
    // Both plugins saw each request, which counts once.
    const requests = receiver.metrics().findLast(({ name }) => name === "finance.client.requests");
    expect(requests?.points.map(({ value }) => value)).toEqual([2]);
  },
);

test("authenticated fastify: a plugin that asks in preHandler has what earlier hooks found", async () => {
  const seen: object[] = [];
  const { receiver, output } = await serve(
    serving("authenticated fastify", "async"),
    async (ask) => {
      const { status, tenant, user } = await ask("/who", json(from("usr_jane", "org_42"), "{}"));
      seen.push({ status, tenant, user });
    },
  );
  expect({ seen, output }).toEqual({
    seen: [{ status: 200, tenant: "org_42", user: "usr_jane" }],
    output: "",
  });
  const server = receiver.spans().find(({ kind }) => kind === 2);
  expect(server?.attributes["user.id"]).toBe(pseudonym("usr_jane"));
});

test("nothing that names a person leaves: not the id, and nothing else that the functions gave", async () => {
  const { receiver, output } = await serve(serving("express", "async"), async (ask) => {
    const headers = { ...from("usr_canary_1", "org_42"), "x-session": "ses_canary_1" };
    await ask("/who", { headers });
    await ask("/broken", { headers });
  });
  const paths = new Set(receiver.requests.map(({ path }) => path));
  expect([...paths].toSorted()).toEqual(["/v1/logs", "/v1/metrics", "/v1/traces"]);
  const sent = receiver.requests.map(({ bytes }) => bytes.toString("utf8")).join("\n") + output;
  for (const canary of ["usr_canary_1", "ses_canary_1", "jane.canary", "Jane Canary"]) {
    expect(sent).not.toContain(canary);
  }
  expect(sent).toContain(pseudonym("usr_canary_1"));
});
