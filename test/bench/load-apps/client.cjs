// Sends requests over CONNECTIONS sockets: as many as told one after the other, or so many a second whatever the answers do.
const { connect } = require("node:net");

const CONNECTIONS = 16;

process.on("message", async ({ port, path, requests, perSecond }) => {
  const free = await Promise.all(Array.from({ length: CONNECTIONS }, () => connection(port, path)));
  const latencies = new Float64Array(requests);
  let sent = 0;
  let answered = 0;
  const begin = performance.now();
  const dueAt = (at) => begin + (perSecond === undefined ? 0 : (at * 1_000) / perSecond);
  const sendDue = () => {
    while (free.length > 0 && sent < requests && dueAt(sent) <= performance.now()) {
      const at = sent;
      sent += 1;
      const one = free.pop();
      // Of an open loop, a request that waits for a connection is late already.
      const from = perSecond === undefined ? performance.now() : dueAt(at);
      one.send(at, () => {
        latencies[at] = performance.now() - from;
        answered += 1;
        free.push(one);
        if (answered === requests) finish();
        else sendDue();
      });
    }
  };
  const timer = setInterval(sendDue, 1);
  const finish = () => {
    clearInterval(timer);
    for (const one of free) one.end();
    latencies.sort();
    process.send({ p99Ms: latencies[Math.floor(requests * 0.99)] });
  };
  sendDue();
});
process.on("disconnect", () => process.exit());
process.send({ port: 0 });

// Not node:http: the client must be cheaper than what it measures.
function connection(port, path) {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve({ send, end: () => socket.destroy() }));
    socket.setNoDelay();
    socket.setEncoding("latin1");
    let done = () => {};
    let text = "";
    const send = (id, answered) => {
      done = answered;
      text = "";
      socket.write(
        `GET ${path}/${id} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUser-Agent: bench\r\n\r\n`,
      );
    };
    socket.on("data", (part) => {
      text += part;
      const head = text.indexOf("\r\n\r\n");
      if (head === -1) return;
      if (!text.startsWith("HTTP/1.1 200")) throw new Error(text.slice(0, head));
      const length = Number(/^content-length: (\d+)/im.exec(text)?.[1]);
      if (text.length >= head + 4 + length) done();
    });
  });
}
