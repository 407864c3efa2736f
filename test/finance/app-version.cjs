// Counts requests by the client that made them: an Express server with @assay/finance's middleware.
const express = require("express");
const { requestContext } = require("@assay/finance/express");

const app = express();
app.use(requestContext({ versions: { allowed: ["9.0"] } }));
app.get("/", (_request, response) => response.send("ok"));
app.get("/broken", (_request, response) => response.status(503).send("later"));
const server = app.listen(0, "127.0.0.1", () => console.log(`port ${server.address().port}`));
