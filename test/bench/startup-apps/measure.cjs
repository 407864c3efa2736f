// Loaded after the preload of a contender. It tells the cost of the start once the application stands still, so that
// work which a preload has put off counts as well; then it ends without any exit handler.
setTimeout(() => {
  const { user, system } = process.cpuUsage();
  const found = {
    cpuMs: (user + system) / 1_000,
    rssMb: process.memoryUsage.rss() / 1024 / 1024,
    modules: Object.keys(require.cache).length - 1,
  };
  require("node:fs").writeSync(1, JSON.stringify(found));
  process.kill(process.pid, "SIGKILL");
}, Number(process.env.BENCH_SETTLE_MS));
