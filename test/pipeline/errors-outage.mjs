import { createServer } from "node:http";
import { trace } from "@opentelemetry/api";

// Records an error of its own for each request: GET /?name=ab. Without digits, which a server may group by.
const tracer = trace.getTracer("errors");
const server = createServer((request, response) => {
  const name = new URL(request.url, "http://localhost").searchParams.get("name");
  tracer.startActiveSpan("pay out", (span) => {
    const error = new Error(`payout ${name} failed`);
    span.recordException(error);
    span.setStatus({ code: 2, message: error.message });
    span.end();
  });
  response.end("ok");
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
process.on("SIGTERM", () => {
  server.close();
  server.closeAllConnections();
});
