// Works for a tenant and a user: an outgoing request, a log record, and a request that is served meanwhile for nobody.
const { createServer } = require("node:http");
const { logs } = require("@opentelemetry/api");
const { operation, withTenant, withUser } = require("@assay/finance");

const server = createServer((_request, response) => response.end("ok"));
server.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  await withTenant({ id: "org_42", tier: "premium" }, () =>
    withUser({ id: "usr_7", tier: "business" }, () =>
      operation({ name: "quote" }, async () => {
        await (await fetch(url)).text();
        logs.getLogger("app").emit({ body: "quoted" });
      }),
    ),
  );
  await (await fetch(url)).text();
  server.close();
});
