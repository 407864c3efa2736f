import { parseArgs } from "node:util";
import { runAway } from "./away.ts";
import { runKills, statedMs } from "./kills.ts";

// `npm run outage`: the Collector away for ten minutes under load, and 50 SIGKILLs at random moments.
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "600" },
    rate: { type: "string", default: "500" },
    kills: { type: "string", default: "50" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});
const [seconds, rate, kills, seed] = [values.seconds, values.rate, values.kills, values.seed].map(
  Number,
) as [number, number, number, number];

// Either can be left out, by 0.
if (seconds > 0) await showAway();
if (kills > 0) await showKills();

async function showAway(): Promise<void> {
  console.log(`The Collector is away for ${seconds} s; ${rate} spans and log records a second.`);
  const away = await runAway({ seconds, rate, queue: 65_536, heap: 512 });
  for (const [what, tallies] of [
    ["spans", away.spans],
    ["log records", away.records],
  ] as const) {
    for (const [of, { finished, arrived, dropped, twice }] of Object.entries(tallies)) {
      const lost = finished - arrived - dropped;
      console.log(
        `  ${what}, ${of}: ${finished} finished, ${arrived} arrived, ${dropped} dropped and counted, ${lost} lost, ${twice} twice`,
      );
      if (lost !== 0 || twice !== 0 || (of !== "other" && dropped !== 0)) process.exitCode = 1;
    }
  }
  console.log(`  memory at most: ${away.mostRssMiB} MiB resident`);
}

async function showKills(): Promise<void> {
  console.log(`${kills} SIGKILLs at random moments, seed ${seed}; ${rate} spans a second.`);
  const result = await runKills({ kills, rate, seed });
  console.log(`  ${result.finished} finished, ${result.promised} of them ${statedMs()} ms before`);
  console.log(
    `  sent ${result.sent}, replayed ${result.replayed}, lost ${result.lost}, duplicated ${result.duplicated}; ${result.inDoubt} twice because the answer was on its way, or just read`,
  );
  for (const line of result.details) console.log(`  ${line}`);
  if (result.details.length > 0) process.exitCode = 1;
}
