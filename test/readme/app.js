// The application of the README's example: serves one request and ends.
import { createServer } from "node:http";

const server = createServer((_request, response) => response.end("ok"));
server.listen(0, "127.0.0.1", async () => {
  const response = await fetch(`http://127.0.0.1:${server.address().port}/`);
  await response.text();
  server.close();
  server.closeAllConnections();
});
