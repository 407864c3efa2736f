const express = require("express");
const { inner, payment, report } = require("./routes.cjs");

const app = express();
app.use(express.json());
app.get("/json/:id", (request, response) => {
  response.json(payment(request.params.id));
});
app.get("/inner/:id", (request, response, next) => {
  const { id } = request.params;
  void inner(id).then((rates) => response.json({ ...payment(id), rates }), next);
});
const server = app.listen(0, "127.0.0.1", () => report(server.address().port));
