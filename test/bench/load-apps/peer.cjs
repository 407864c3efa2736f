// The other end of what the application calls: it takes telemetry and throws it away, and answers the outgoing call.
const { createServer } = require("node:http");

const server = createServer((request, response) => {
  // As a Collector answers: in the encoding of the request, and of protobuf an empty message has no bytes.
  const type = request.headers["content-type"] ?? "application/json";
  const taken = type === "application/x-protobuf" ? "" : "{}";
  request.resume().on("end", () => {
    response.writeHead(200, { "content-type": type });
    response.end(request.method === "POST" ? taken : '{"KES":"129.50"}');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("disconnect", () => process.exit());
