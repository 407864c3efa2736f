// What both applications do, and what the benchmark asks them between two loads.
const { get } = require("node:http");

/** A little JSON work, as a handler of a payment has it. */
exports.payment = (id) => {
  const lines = Array.from({ length: 8 }, (_, at) => ({ sku: `${id}-${at}`, minor: at * 125 }));
  const { lines: read } = JSON.parse(JSON.stringify({ id, lines }));
  return { id, totalMinor: read.reduce((sum, { minor }) => sum + minor, 0), lines: read.length };
};

/** One outgoing call; gives the answer's text. */
exports.inner = (id) =>
  new Promise((resolve, reject) => {
    get(`${process.env.BENCH_INNER}/rates/${id}`, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (part) => (text += part));
      response.on("end", () => resolve(text));
    }).on("error", reject);
  });

/** Tells the benchmark the port, and the CPU time and memory that have been used whenever it asks. */
exports.report = (port) => {
  process.on("message", () => {
    const { user, system } = process.cpuUsage();
    process.send({ cpuUs: user + system, rssMb: process.memoryUsage.rss() / 1024 / 1024 });
  });
  process.on("disconnect", () => process.exit());
  process.send({ port });
};
