const fastify = require("fastify");
const { inner, payment, report } = require("./routes.cjs");

const app = fastify();
app.get("/json/:id", (request, reply) => {
  reply.send(payment(request.params.id));
});
app.get("/inner/:id", ({ params: { id } }) =>
  inner(id).then((rates) => ({ ...payment(id), rates })),
);
void app.listen({ port: 0, host: "127.0.0.1" }).then(() => report(app.server.address().port));
