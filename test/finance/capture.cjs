// A payments service whose error is captured twice, logged, and thrown on to Express; a customer's failure; and one
// that cannot be read. Prints where each is found, and ends.
const { captureFinancialError } = require("@assay/finance");
const { money } = require("@assay/semconv");
const express = require("express");
const pino = require("pino");

const logger = pino(pino.destination({ dest: 2, sync: true }));
const found = {};
const app = express();
app.get("/pay", () => {
  const error = new Error("no float for the card 4111111111111111");
  found.paid = captureFinancialError(error, {
    category: "payment_processing",
    paymentId: "pay_1",
    amount: money("KES", 150_000n),
    context: { "finance.provider.name": "safaricom" },
  });
  logger.error({ err: error }, "payout failed");
  found.again = captureFinancialError(error);
  throw error;
});
app.get("/funds", (_request, response) => {
  found.customer = captureFinancialError(new Error("insufficient funds"), {
    category: "payment_processing",
    context: { "finance.failure.domain": "customer" },
  });
  response.end();
});
const hostile = new Proxy(new Error("hidden"), {
  get() {
    throw new Error("not to be read");
  },
});
app.get("/hostile", (_request, response) => {
  found.hostile = captureFinancialError(hostile, { category: "compliance_issue" });
  response.end();
});
app.get("/last", (_request, response) => {
  captureFinancialError(new Error("the last error"));
  response.end();
});

const server = app.listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  for (const path of ["/pay", "/funds", "/hostile", "/last"])
    await (await fetch(url + path)).text();
  console.log(JSON.stringify(found));
  server.close();
});
