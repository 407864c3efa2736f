import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { RunOptions } from "./embedded.ts";
import { runJourney } from "./journey.ts";
import { readBack } from "./read-back.ts";
import { startRig } from "./rig.ts";
import { heading, invitation, journeyLines } from "./screen.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** The same journey through the real Collector into Jaeger, Prometheus and bugsink. */
export async function runBackends({ isOnce, signal, screen }: RunOptions): Promise<void> {
  await setUpBackends();
  signal.throwIfAborted();
  // Loaded late: the default run must not depend on what only this one needs.
  const { startStack } = await import("@assay/test/support/stack");
  await using stack = await startStack();
  const { collector, jaeger, prometheus, bugsink } = stack;
  console.log(`Collector on ${collector.otlpUrl}, Jaeger on ${jaeger.queryUrl},`);
  console.log(`Prometheus on ${prometheus.url}, bugsink on ${bugsink.url}.`);
  signal.throwIfAborted();
  await using rig = await startRig({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.otlpUrl,
    // The Collector's error route makes the issue; by a second route it would only be refused as a repeat.
    SENTRY_DSN: "",
  });
  console.log(
    `Service on ${rig.serviceUrl}, with PostgreSQL and a fake Daraja on ${rig.darajaUrl}.`,
  );
  const journey = await runJourney({ serviceUrl: rig.serviceUrl });
  console.log(`${heading("Journey", screen)}\n${journeyLines(journey)}`);
  console.log(await readBack(stack, journey, screen));
  if (isOnce) return;

  console.log(`\n${invitation(rig.serviceUrl)}`);
  const aborted = once(signal, "abort").then(() => undefined);
  const sentence = await Promise.race([aborted, rig.ended]);
  if (sentence !== undefined && !signal.aborted) throw new Error(`${sentence}.`);
}

/** Builds what is not built yet; shows its progress. */
async function setUpBackends(): Promise<void> {
  const setup = spawn(process.execPath, ["scripts/setup.mjs", "backends"], {
    cwd: ROOT,
    stdio: "inherit",
  });
  const [code] = await once(setup, "exit");
  if (code !== 0)
    throw new Error("The backends are not there; the lines above say what is missing.");
}
